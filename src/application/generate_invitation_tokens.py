"""Use case: invite patients by their national identifiers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.issue_invitations import IssueInvitations
from application.ports.clock import Clock
from application.ports.patient_repository import PatientRepository
from application.ports.request_ids import RequestIds
from domain.audit_event import AuditEvent
from domain.caller import AuthorisedCaller
from domain.eligibility_policy import EligibilityPolicy, IneligibilityReason
from domain.invitation import InvitationToken, RequestId
from domain.patient import PatientId
from domain.patient_identifier import PatientIdentifier
from domain.requested_identifiers import IdentifiersRefused, RequestedIdentifier, read_identifiers

MAX_PATIENT_IDENTIFIERS = 500


class GenerateCommand(Struct, frozen=True):
    """Invite these patients on behalf of the organisation that the caller acts for."""

    authorised: AuthorisedCaller
    identifiers: Sequence[RequestedIdentifier]


class InvitedPatient(Struct, frozen=True):
    """An identifier as it was asked for, and the invitation token of its patient."""

    identifier: RequestedIdentifier
    invitation_token: InvitationToken


class OmittedPatient(Struct, frozen=True):
    """An identifier left out, and the reason.

    `position` is its first one in the request, from 0; `patient_id` is None when it names nobody known.
    """

    position: int
    reason: IneligibilityReason
    patient_id: PatientId | None


class GeneratedTokens(Struct, frozen=True):
    """The answer to a request: each distinct identifier is either invited or omitted, in request order.

    `issued` counts the invitations: fewer than those invited where two identifiers name one patient.
    """

    request_id: RequestId
    issued: int
    invited: Sequence[InvitedPatient]
    omitted: Sequence[OmittedPatient]


class GenerateInvitationTokens:
    """Generate invitation tokens for the patients of a request.

    - It names 1 to 500 patients; one unsupported identifier system rejects the whole request.
    - A malformed number names nobody: it is not found.
    - Who is not eligible today is left out; each remaining patient gets one new invitation.
    - A repeated identifier is answered once; two identifiers of one patient get the same invitation.
    - The invitations and the audit event are stored together before the answer is given.
    """

    def __init__(
        self,
        patients: PatientRepository,
        policy: EligibilityPolicy,
        issue: IssueInvitations,
        request_ids: RequestIds,
        clock: Clock,
    ) -> None:
        """Take the ports and the rules that the use case is made of."""
        self._patients = patients
        self._policy = policy
        self._issue = issue
        self._request_ids = request_ids
        self._clock = clock

    async def __call__(self, command: GenerateCommand) -> Result[GeneratedTokens, IdentifiersRefused]:
        """Return the tokens, or why the request is refused. Raises `Unavailable`."""
        read = read_identifiers(command.identifiers, MAX_PATIENT_IDENTIFIERS)
        if isinstance(read, Failure):
            return Failure(read.failure())
        eligible, omitted = await self._assess(command, read.unwrap())
        event = self._audit_event(command, eligible.values(), omitted)
        tokens = await self._issue(event)
        invited = [InvitedPatient(identifier, tokens[patient]) for identifier, patient in eligible.items()]
        return Success(GeneratedTokens(event.request_id, len(tokens), invited, omitted))

    async def _assess(
        self, command: GenerateCommand, identifiers: Sequence[PatientIdentifier | None]
    ) -> tuple[Mapping[RequestedIdentifier, PatientId], Sequence[OmittedPatient]]:
        well_formed = [identifier for identifier in dict.fromkeys(identifiers) if identifier is not None]
        patients = await self._patients.find(command.authorised.organisation_id, well_formed)
        today = self._clock.today()
        eligible: dict[RequestedIdentifier, PatientId] = {}
        omitted: dict[RequestedIdentifier, OmittedPatient] = {}
        for position, (requested, identifier) in enumerate(
            zip(command.identifiers, identifiers, strict=True)
        ):
            patient = patients.get(identifier) if identifier is not None else None
            assessed = self._policy.assess(patient, today)
            if isinstance(assessed, Failure):
                patient_id = None if patient is None else patient.id
                omitted.setdefault(requested, OmittedPatient(position, assessed.failure(), patient_id))
            else:
                eligible[requested] = assessed.unwrap().id
        return eligible, list(omitted.values())

    def _audit_event(
        self, command: GenerateCommand, eligible: Iterable[PatientId], omitted: Sequence[OmittedPatient]
    ) -> AuditEvent:
        return AuditEvent(
            request_id=self._request_ids.draw(),
            recorded_at=self._clock.instant(),
            client_id=command.authorised.caller.client_id,
            organisation_id=command.authorised.organisation_id,
            asked=len(command.identifiers),
            issued_patients=tuple(dict.fromkeys(eligible)),
            omitted=Counter(omission.reason for omission in omitted),
            omitted_patients=_patients_by_reason(omitted),
        )


def _patients_by_reason(
    omitted: Iterable[OmittedPatient],
) -> Mapping[IneligibilityReason, tuple[PatientId, ...]]:
    patients: dict[IneligibilityReason, dict[PatientId, None]] = {}
    for omission in omitted:
        if omission.patient_id is not None:
            patients.setdefault(omission.reason, {})[omission.patient_id] = None
    return {reason: tuple(ids) for reason, ids in patients.items()}
