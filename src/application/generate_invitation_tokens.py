"""Use case: invite patients by their national identifiers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.find_patients import FindPatients, NamingRefused
from application.issue_invitations import IssueInvitations
from application.ports.clock import Clock
from application.record_call import RecordCall
from domain.caller import AuthorisedCaller
from domain.eligibility_policy import EligibilityPolicy, IneligibilityReason
from domain.invitation import InvitationToken, RequestId
from domain.patient import Patient, PatientId
from domain.requested_identifiers import RequestedIdentifier

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

    - It names 1 to 500 patients.
    - Who is not eligible today is left out; each remaining patient gets one new invitation.
    - A repeated identifier is answered once; two identifiers of one patient get the same invitation.
    - The invitations and the audit event are stored together before the answer is given.
    """

    def __init__(
        self,
        find: FindPatients,
        policy: EligibilityPolicy,
        issue: IssueInvitations,
        record: RecordCall,
        clock: Clock,
    ) -> None:
        """Take the rules, the ports and the parts that the use case is made of."""
        self._find = find
        self._policy = policy
        self._issue = issue
        self._record = record
        self._clock = clock

    async def __call__(self, command: GenerateCommand) -> Result[GeneratedTokens, NamingRefused]:
        """Return the tokens, or why the request is refused. Raises `Unavailable`."""
        found = await self._find(command.authorised, command.identifiers, MAX_PATIENT_IDENTIFIERS)
        if isinstance(found, Failure):
            return Failure(found.failure())
        eligible, omitted = self._assess(command.identifiers, found.unwrap())
        event = replace(
            self._record.begin(command.authorised, len(command.identifiers)),
            issued_patients=tuple(dict.fromkeys(eligible.values())),
            omitted=Counter(omission.reason for omission in omitted),
            omitted_patients=_patients_by_reason(omitted),
        )
        tokens = await self._issue(command.authorised.organisation_id, event)
        invited = [InvitedPatient(identifier, tokens[patient]) for identifier, patient in eligible.items()]
        return Success(GeneratedTokens(event.request_id, len(tokens), invited, omitted))

    def _assess(
        self, requested: Sequence[RequestedIdentifier], patients: Sequence[Patient | None]
    ) -> tuple[Mapping[RequestedIdentifier, PatientId], Sequence[OmittedPatient]]:
        today = self._clock.today()
        eligible: dict[RequestedIdentifier, PatientId] = {}
        omitted: dict[RequestedIdentifier, OmittedPatient] = {}
        for position, (identifier, patient) in enumerate(zip(requested, patients, strict=True)):
            assessed = self._policy.assess(patient, today)
            if isinstance(assessed, Failure):
                patient_id = None if patient is None else patient.id
                omitted.setdefault(identifier, OmittedPatient(position, assessed.failure(), patient_id))
            else:
                eligible[identifier] = assessed.unwrap().id
        return eligible, list(omitted.values())


def _patients_by_reason(
    omitted: Iterable[OmittedPatient],
) -> Mapping[IneligibilityReason, tuple[PatientId, ...]]:
    patients: dict[IneligibilityReason, dict[PatientId, None]] = {}
    for omission in omitted:
        if omission.patient_id is not None:
            patients.setdefault(omission.reason, {})[omission.patient_id] = None
    return {reason: tuple(ids) for reason, ids in patients.items()}
