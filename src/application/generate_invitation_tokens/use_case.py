"""Use case: invite patients by their national identifiers."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.find_patients import IdentifiersRejected
from application.generate_invitation_tokens.decide import DecideInvitations
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import (
    RecallRefused,
    ReplayedInvitations,
    ReplayInvitations,
)
from application.ports.invitations import RequestInProgress
from domain.access import AuthorisedCaller, Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import Decisions, OmittedPatient
from domain.idempotency import IdempotencyKey, IdempotentRequest, ScopedIdempotencyKey
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken, RequestId
from domain.patients import PatientId
from domain.results import failed

MAX_PATIENT_IDENTIFIERS = 500


class GenerateCommand(Struct, frozen=True):
    """Invite these patients on behalf of the organisation that the caller acts for.

    With a key, the command can be repeated: it is carried out once, and answered each time.
    """

    authorised: AuthorisedCaller
    identifiers: Sequence[RequestedIdentifier]
    key: IdempotencyKey | None = None

    @property
    def name(self) -> ScopedIdempotencyKey | None:
        """The name under which the command can be repeated, if it can be."""
        return None if self.key is None else ScopedIdempotencyKey(self.authorised.grant, self.key)


class InvitedPatient(Struct, frozen=True):
    """An identifier as the caller sent it, and the invitation token of its patient."""

    identifier: RequestedIdentifier
    invitation_token: InvitationToken


class GeneratedTokens(Struct, frozen=True):
    """The answer to a request: each distinct identifier is either invited or omitted, in request order.

    `batch` is the request that issued the invitations, by which they can be revoked. `issued` counts the new
    invitations: fewer than `invited` if two identifiers name one patient, and none
    if the answer is `replayed`. `reasons_told` is whether the caller may learn why patients are omitted: only
    if it may call status-query, which says the same and more.
    """

    request_id: RequestId
    batch: RequestId
    issued: int
    invited: Sequence[InvitedPatient]
    omitted: Sequence[OmittedPatient]
    reasons_told: bool = False
    replayed: bool = False


GenerationRefused: TypeAlias = IdentifiersRejected | RecallRefused | RequestInProgress


class GenerateInvitationTokens:
    """Generate invitation tokens for the patients of a request.

    - It names 1 to 500 patients.
    - A patient who is not eligible today is omitted; each remaining patient gets one new invitation.
    - A repeated identifier is answered once; two identifiers of one patient get the same invitation.
    - The invitations and the audit event are stored together before the answer is given.
    - A request that is sent again under its key gets the first answer again, without the patients who may no
      longer be invited, and nothing new is issued.
    """

    def __init__(
        self,
        decide: DecideInvitations,
        issue: IssueInvitations,
        recall: ReplayInvitations,
        record: AuditRecorder,
    ) -> None:
        """Join the steps of the use case."""
        self._decide = decide
        self._issue = issue
        self._replay = recall
        self._record = record

    async def __call__(self, command: GenerateCommand) -> Result[GeneratedTokens, GenerationRefused]:
        """Return the tokens, or why the request is refused. Raises `Unavailable`."""
        answered = await self._answer_again(command)
        if answered is not None:
            return answered
        decided = await self._decide(command.authorised, command.identifiers, MAX_PATIENT_IDENTIFIERS)
        if failed(decided):
            return Failure(decided.failure())
        return await self._carry_out(command, decided.unwrap())

    async def _carry_out(
        self, command: GenerateCommand, decisions: Decisions
    ) -> Result[GeneratedTokens, GenerationRefused]:
        event = replace(
            self._record.begin(command.authorised, len(command.identifiers)),
            issued_patients=decisions.patients,
            omitted=decisions.times_omitted,
            omitted_patients=decisions.omitted_patients,
        )
        issued = await self._issue(command.authorised, event, self._repeatable(command, decisions))
        if failed(issued):
            # another process has carried out the same command in the meantime, or is about to
            answered = await self._answer_again(command)
            return answered or await self._refused(command, RequestInProgress())
        tokens = issued.unwrap()
        return Success(_answer(command, event, decisions, tokens))

    def _repeatable(self, command: GenerateCommand, decisions: Decisions) -> IdempotentRequest | None:
        if command.name is None:
            return None
        return self._replay.repeatable(command.name, command.identifiers, decisions)

    async def _answer_again(
        self, command: GenerateCommand
    ) -> Result[GeneratedTokens, GenerationRefused] | None:
        if command.name is None:
            return None
        recalled = await self._replay(command.name, command.identifiers)
        if failed(recalled):
            return await self._refused(command, recalled.failure())
        first = recalled.unwrap()
        return None if first is None else Success(await self._replayed(command, first))

    async def _replayed(self, command: GenerateCommand, first: ReplayedInvitations) -> GeneratedTokens:
        decisions = await self._decide.again(
            command.authorised, command.identifiers, first.decisions, first.request_id
        )
        event = replace(
            self._record.begin(command.authorised, len(command.identifiers)),
            outcome=Outcome.ANSWERED_AGAIN,
            answered_patients=decisions.patients,
            omitted=decisions.times_omitted,
            omitted_patients=decisions.omitted_patients,
            replayed_request_id=first.request_id,
        )
        await self._record.complete(event)
        return _answer(command, event, decisions, first.tokens)

    async def _refused(
        self, command: GenerateCommand, refused: RecallRefused | RequestInProgress
    ) -> Result[GeneratedTokens, GenerationRefused]:
        await self._record.refused(
            command.authorised, Outcome.IDEMPOTENCY_KEY_REFUSED, len(command.identifiers)
        )
        return Failure(refused)


def _answer(
    command: GenerateCommand,
    event: AuditEvent,
    decisions: Decisions,
    tokens: Mapping[PatientId, InvitationToken],
) -> GeneratedTokens:
    return GeneratedTokens(
        request_id=event.request_id,
        batch=event.replayed_request_id or event.request_id,
        issued=len(event.issued_patients),
        invited=[
            InvitedPatient(command.identifiers[each.position], tokens[each.patient_id])
            for each in decisions.invited
        ],
        omitted=decisions.omitted,
        reasons_told=Operation.STATUS_QUERY in command.authorised.permitted,
        replayed=event.outcome == Outcome.ANSWERED_AGAIN,
    )
