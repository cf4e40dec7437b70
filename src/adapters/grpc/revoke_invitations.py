"""The method RevokeInvitations."""

from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.call import Call, OperationCalls
from adapters.grpc.dispatch import Answered
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    REVOCATION_REASON_MISPRINTED,
    REVOCATION_REASON_OPTED_OUT,
    REVOCATION_REASON_OTHER,
    REVOCATION_REASON_RETURNED_MAIL,
    REVOCATION_REASON_WRONG_ADDRESS,
    PatientIdentifier,
    RevokeInvitationsRequest,
    RevokeInvitationsResponse,
)
from adapters.grpc.generated.invitations.v1.invitations_pb2 import RevocationReason as ReasonNumber
from adapters.grpc.messages import (
    BatchMalformed,
    ReasonMissing,
    RevocationRefused,
    SelectionRefused,
    read_patient_identifiers,
)
from adapters.grpc.status_codes import grpc_refusal
from adapters.serving.calls import revocation_fields
from adapters.serving.refusals import invited_refusal
from application.find_invited import Named
from application.revoke_invitations import (
    MAX_REVOKED_IDENTIFIERS,
    InvitationsRevoked,
    RevokeCommand,
    RevokeInvitations,
)
from domain.access import Operation
from domain.identifiers import RequestedIdentifier
from domain.invitations import RevocationReason, read_batch
from domain.results import failed

REASONS: Mapping[ReasonNumber, RevocationReason] = {
    REVOCATION_REASON_MISPRINTED: RevocationReason.MISPRINTED,
    REVOCATION_REASON_RETURNED_MAIL: RevocationReason.RETURNED_MAIL,
    REVOCATION_REASON_WRONG_ADDRESS: RevocationReason.WRONG_ADDRESS,
    REVOCATION_REASON_OPTED_OUT: RevocationReason.OPTED_OUT,
    REVOCATION_REASON_OTHER: RevocationReason.OTHER,
}


class _Revocation(Struct, frozen=True):
    """What a message asks for; `asked` has the identifiers as the caller wrote them."""

    named: Named
    reason: RevocationReason
    asked: Sequence[PatientIdentifier]


class RevokeInvitationsMethod:
    """Revokes the invitations that an authorised caller names."""

    def __init__(self, calls: OperationCalls, revoke: RevokeInvitations) -> None:
        """Authorise callers with `calls`; `revoke` is the use case."""
        self._calls = calls
        self._revoke = revoke

    async def __call__(self, call: Call) -> Answered:
        """Answer one call. Raises `Unavailable`."""
        authorised = await self._calls.authorise(Operation.REVOKE_INVITATIONS, call.metadata, call.line)
        if failed(authorised):
            return Failure(authorised.failure())
        caller = authorised.unwrap()
        received = await call.read(RevokeInvitationsRequest)
        if failed(received):
            return Failure(await self._calls.refuse(caller, received.failure(), call.line))
        read = _read(received.unwrap())
        if failed(read):
            return Failure(await self._calls.refuse(caller, read.failure(), call.line))
        asked = read.unwrap()
        revoked = await self._revoke(RevokeCommand(caller, asked.named, asked.reason))
        if failed(revoked):
            call.line.note(refusal=type(revoked.failure()).__name__)
            return Failure(grpc_refusal(invited_refusal(revoked.failure())))
        call.line.note(**revocation_fields(revoked.unwrap()))
        await call.write(_answer(revoked.unwrap(), asked))
        return Success(None)


def _read(message: RevokeInvitationsRequest) -> Result[_Revocation, RevocationRefused]:
    asked = list(islice(message.identifiers, MAX_REVOKED_IDENTIFIERS + 1))
    if bool(asked) == message.HasField("batch"):
        return Failure(SelectionRefused())
    reason = REASONS.get(message.reason)
    if reason is None:
        return Failure(ReasonMissing())
    if asked:
        identifiers = read_patient_identifiers(asked)
        return identifiers.map(lambda named: _Revocation(named, reason, asked))
    batch = read_batch(message.batch)
    return batch.map(lambda named: _Revocation(named, reason, ())).alt(lambda _malformed: BatchMalformed())


def _answer(revoked: InvitationsRevoked, asked: _Revocation) -> RevokeInvitationsResponse:
    as_asked: Mapping[RequestedIdentifier, PatientIdentifier] = (
        dict(zip(asked.named, asked.asked, strict=True)) if isinstance(asked.named, Sequence) else {}
    )
    return RevokeInvitationsResponse(
        revoked=revoked.count,
        redeemed=[
            as_asked.get(each) or PatientIdentifier(system_uri=each.system, value=each.value)
            for each in revoked.redeemed
        ],
    )
