"""Builders of valid values. A test names only the values that matter to it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from application.ports.patients import PatientChanges, PatientReportRepository, StoredPatient
from domain.access import AuthorisedCaller, Caller, Grant, Operation
from domain.administration import Command, CommandEvent, CommandId, CommandOutcome
from domain.audit import AuditEvent, Outcome
from domain.eligibility import Decisions, OmissionReason, OmittedPatient, PatientToInvite
from domain.idempotency import (
    Fingerprint,
    IdempotencyKey,
    IdempotencyRecord,
    IdempotentRequest,
    ScopedIdempotencyKey,
)
from domain.identifiers import IdentifierSystem, PatientIdentifier, RequestedIdentifier
from domain.invitations import Invitation, RequestId
from domain.organisations import Organisation, OrganisationId
from domain.patient_reports import KnownPatient, PatientReport
from domain.patients import Patient, PatientId

NOW = datetime(2026, 12, 2, 9, 29, 23, 356000, tzinfo=UTC)
TODAY = date(2026, 12, 2)
LIFETIME = timedelta(days=30)
EXPIRY = datetime(2027, 1, 1, 9, 29, 23, 356000, tzinfo=UTC)
ADULT = date(1980, 4, 1)
HOSPITAL = OrganisationId(UUID("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e"))
OTHER_HOSPITAL = OrganisationId(UUID("c2a9b8d7-1e2f-4a3b-9c4d-5e6f7a8b9c0d"))
CLIENT = "mail-house"
NHS = IdentifierSystem.NHS_NUMBER
CHI = IdentifierSystem.CHI_NUMBER
HCN = IdentifierSystem.HEALTH_AND_CARE_NUMBER
GENERATE = Operation.GENERATE_INVITATION_TOKENS
STATUS_QUERY = Operation.STATUS_QUERY


def an_nhs_number(number: int = 1) -> str:
    """Give the number-th of 100,000 valid values that start with 999, which are never allocated."""
    return _checked(f"999{number:05d}")


@cache
def _checked(digits: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 2, -1), digits, strict=True))
    # if the ninth digit 0 needs the check digit 10, the ninth digit 1 does not
    ninth, check = (0, -total % 11) if -total % 11 < 10 else (1, 8)
    return f"{digits}{ninth}{check}"


def an_identifier(number: int = 1, system: IdentifierSystem = NHS) -> PatientIdentifier:
    return PatientIdentifier(system, an_nhs_number(number))


def a_requested_identifier(number: int = 1, system: IdentifierSystem = NHS) -> RequestedIdentifier:
    return RequestedIdentifier(system.value, an_nhs_number(number))


def a_malformed_identifier(value: str = "nobody", system: IdentifierSystem = NHS) -> RequestedIdentifier:
    return RequestedIdentifier(system.value, value)


def a_patient_id(number: int = 1) -> PatientId:
    return PatientId(UUID(int=number))


def a_request_id(number: int = 1) -> RequestId:
    return RequestId(UUID(int=number))


def a_patient(
    number: int = 1,
    *,
    date_of_birth: date | None = ADULT,
    deceased: bool = False,
    registered: bool = False,
    care_relationship: bool = True,
    held_until: date | None = None,
) -> Patient:
    return Patient(a_patient_id(number), date_of_birth, deceased, registered, care_relationship, held_until)


def a_report(
    *identifiers: PatientIdentifier,
    date_of_birth: date | None = ADULT,
    deceased: bool | None = None,
    registered: bool | None = None,
) -> PatientReport:
    return PatientReport(identifiers or (an_identifier(),), date_of_birth, deceased, registered)


def a_known_patient(
    *identifiers: PatientIdentifier,
    date_of_birth: date | None = ADULT,
    deceased: bool = False,
    registered: bool = False,
) -> KnownPatient:
    return KnownPatient(frozenset(identifiers or (an_identifier(),)), date_of_birth, deceased, registered)


async def reported(
    repository: PatientReportRepository,
    *reports: PatientReport,
    organisation_id: OrganisationId = HOSPITAL,
    first: int = 1,
    recorded_at: datetime = NOW,
) -> None:
    """Let the reports be known, of patients numbered from `first` unless one of their identifiers is.

    A report replaces what is known of a patient, as a correction does; identifiers are added.
    """

    def decide(stored: Mapping[PatientIdentifier, StoredPatient]) -> tuple[PatientChanges, None]:
        new: dict[PatientId, KnownPatient] = {}
        changed: dict[PatientId, tuple[KnownPatient, KnownPatient]] = {}
        for number, report in enumerate(reports, start=first):
            named = {stored[each].id: stored[each].known for each in report.identifiers if each in stored}
            if not named:
                new[a_patient_id(number)] = _as_reported(report)
            for patient_id, before in named.items():
                changed[patient_id] = (before, _as_reported(report, before.identifiers))
        return PatientChanges(new, changed, [*new, *changed]), None

    named = [each for report in reports for each in report.identifiers]
    await repository.change(organisation_id, recorded_at, named, decide)


def _as_reported(report: PatientReport, identifiers: Iterable[PatientIdentifier] = ()) -> KnownPatient:
    return KnownPatient(
        frozenset({*report.identifiers, *identifiers}),
        report.date_of_birth,
        bool(report.deceased),
        bool(report.registered),
    )


def an_organisation(organisation_id: OrganisationId = HOSPITAL, name: str = "Hospital") -> Organisation:
    return Organisation(organisation_id, name)


def a_grant(client_id: str = CLIENT, organisation_id: OrganisationId = HOSPITAL) -> Grant:
    return Grant(client_id, organisation_id)


def an_authorised_caller(
    client_id: str = CLIENT, organisation_id: OrganisationId = HOSPITAL, operation: Operation = GENERATE
) -> AuthorisedCaller:
    return AuthorisedCaller(Caller(client_id), organisation_id, operation)


def an_audit_event(number: int = 1, *, issued_patients: Iterable[PatientId] = ()) -> AuditEvent:
    issued = tuple(issued_patients)
    return AuditEvent(
        request_id=a_request_id(number),
        recorded_at=NOW,
        operation=GENERATE,
        outcome=Outcome.CARRIED_OUT,
        client_id=CLIENT,
        organisation_id=HOSPITAL,
        asked=len(issued) + 1,
        issued_patients=issued,
        omitted={OmissionReason.DECEASED: 1},
        omitted_patients={OmissionReason.DECEASED: (a_patient_id(999),)},
    )


def a_command_event(recorded_at: datetime = NOW) -> CommandEvent:
    return CommandEvent(
        CommandId(a_request_id(1)), recorded_at, Command.PURGE, CommandOutcome.CARRIED_OUT, "Ann"
    )


def an_invitation(code: str = "7Q2M9KXR4D", *, patient: int = 1, request: int = 1) -> Invitation:
    return Invitation(
        patient_id=a_patient_id(patient),
        organisation_id=HOSPITAL,
        request_id=a_request_id(request),
        code_digest=sha256(f"code {code}".encode()).digest(),
        token_digest=sha256(f"token {code}".encode()).digest(),
        key_id="test",
        issued_at=NOW,
        expires_at=EXPIRY,
    )


def a_request_name(key: str = "monday-s-letters", grant: Grant | None = None) -> ScopedIdempotencyKey:
    return ScopedIdempotencyKey(grant or a_grant(), IdempotencyKey(key))


def some_decisions(*patients: int) -> Decisions:
    """Invite these patients, and omit a known and an unknown one."""
    invited = [PatientToInvite(position, a_patient_id(number)) for position, number in enumerate(patients)]
    omitted = [
        OmittedPatient(len(patients), OmissionReason.DECEASED, a_patient_id(999)),
        OmittedPatient(len(patients) + 1, OmissionReason.NOT_FOUND, None),
    ]
    return Decisions(invited, omitted)


def a_remembered_request(
    number: int = 1,
    *,
    name: ScopedIdempotencyKey | None = None,
    issued_at: datetime = NOW,
    attempts: Mapping[PatientId, int] | None = None,
) -> IdempotencyRecord:
    fingerprint = Fingerprint("test", sha256(f"request {number}".encode()).digest())
    return IdempotencyRecord(
        IdempotentRequest(name or a_request_name(), fingerprint, some_decisions(1, 2)),
        a_request_id(number),
        issued_at,
        issued_at + LIFETIME,
        attempts or {},
    )
