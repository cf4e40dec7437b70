"""The use case that generates invitation tokens, with fakes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol, TypeVar

from msgspec import structs
from returns.result import Result

from application.find_patients import FindPatients
from application.generate_invitation_tokens.decide import DecideInvitations
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import ReplayInvitations
from application.generate_invitation_tokens.use_case import (
    GenerateCommand,
    GeneratedTokens,
    GenerateInvitationTokens,
    GenerationRefused,
    InvitedPatient,
)
from application.ports.invitations import Revocation
from domain.access import AuthorisedCaller
from domain.eligibility import EligibilityPolicy
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.invitations import InvitationToken, RevocationReason
from domain.organisations import OrganisationId
from domain.patient_reports import PatientReport
from domain.patients import PatientId
from tests.builders import (
    EXPIRY,
    HOSPITAL,
    LIFETIME,
    NOW,
    TODAY,
    a_patient_id,
    a_report,
    an_audit_event,
    an_authorised_caller,
    an_identifier,
    reported,
)
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.interrupted_invitation_repository import InterruptedInvitationRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_invitations import InMemoryPatientInvitations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.token_generator import HashingTokenGenerator
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record, a_charge

T = TypeVar("T")

RETENTION = timedelta(hours=24)


class Around(Protocol):
    """A wrapper of a port."""

    def __call__(self, port: T) -> T: ...


def _nothing_around(port: T) -> T:
    return port


class InvitationService:
    """A hospital's patients, and the stored invitations.

    `keys` are the ids of the keys in the ring, of which the first signs; a test may rotate them, move the
    `clock`, and interrupt what is `storing`. The ports that do I/O are put into `around`.
    """

    def __init__(
        self,
        *,
        today: date = TODAY,
        minimum_age: int = 16,
        lifetime: timedelta = LIFETIME,
        codes: Mapping[tuple[PatientId, int], str] | None = None,
        allowances: CountedRateLimits | None = None,
        around: Around = _nothing_around,
    ) -> None:
        self.keys = ["fake"]
        self.clock = FixedClock(NOW, today)
        trail = InMemoryAuditRepository()
        record = a_call_record(around(trail), self.clock)
        self.store = InMemoryInvitationRepository(trail)
        self.invitations = InMemoryPatientInvitations(self.store)
        self.storing = InterruptedInvitationRepository(self.store)
        self._register = InMemoryPatientReportRepository()
        patients = around(InMemoryPatientRepository(self._register))
        tokens = HashingTokenGenerator(codes, self.keys)
        self._generate = GenerateInvitationTokens(
            DecideInvitations(
                FindPatients(patients, a_charge(record, allowances), record),
                EligibilityPolicy(minimum_age),
                around(self.invitations),
                self.clock,
            ),
            IssueInvitations(around(self.storing), tokens, lifetime),
            ReplayInvitations(
                around(InMemoryIdempotencyRepository(self.store)),
                HashingRequestFingerprints(self.keys),
                tokens,
                RETENTION,
                self.clock,
            ),
            record,
        )

    async def knows(
        self,
        number: int,
        *identifiers: PatientIdentifier,
        report: PatientReport | None = None,
        organisation_id: OrganisationId = HOSPITAL,
    ) -> None:
        """Add a patient: by default, an adult with the identifier of the same number."""
        named = identifiers or (an_identifier(number),)
        said = structs.replace(report or a_report(), identifiers=named)
        await reported(self._register, said, organisation_id=organisation_id, first=number)

    def ends_care(self, number: int) -> None:
        """End the care relationship of the hospital with a patient."""
        self._register.care_relationships.remove((HOSPITAL, a_patient_id(number)))

    async def revoke(self, *patients: PatientId) -> None:
        """Revoke the invitations of patients of the hospital."""
        revocation = Revocation(HOSPITAL, patients, None, RevocationReason.OTHER, NOW)
        await self.invitations.revoke(revocation, lambda _revoked: an_audit_event())

    async def ask(
        self,
        *identifiers: RequestedIdentifier,
        key: str | None = None,
        authorised: AuthorisedCaller | None = None,
    ) -> Result[GeneratedTokens, GenerationRefused]:
        return await self._generate(
            GenerateCommand(
                authorised or an_authorised_caller(),
                identifiers,
                None if key is None else IdempotencyKey(key),
            )
        )

    async def invite(self, *identifiers: RequestedIdentifier, key: str | None = None) -> GeneratedTokens:
        return (await self.ask(*identifiers, key=key)).unwrap()


def token_of(number: int, attempt: int = 0) -> InvitationToken:
    """Foresee the token of a patient in the first request."""
    [drawn] = HashingTokenGenerator().draw(FIRST_REQUEST, [a_patient_id(number)], attempt)
    return InvitationToken(drawn.code, drawn.token, EXPIRY)


def invited(identifier: RequestedIdentifier, number: int) -> InvitedPatient:
    """Foresee the answer for an identifier of a patient in the first request."""
    return InvitedPatient(identifier, token_of(number))
