"""The method GenerateInvitationTokens."""

from returns.result import Failure, Success

from adapters.grpc.call import Call
from adapters.grpc.dispatch import Answered
from adapters.grpc.generated.invitations.v1.invitations_pb2 import GenerateInvitationTokensRequest
from adapters.grpc.operation_calls import OperationCalls, TokenRequest, TokenRequests
from domain.access import Operation


class GenerateInvitationTokensMethod:
    """Invites the patients that an authorised caller names."""

    def __init__(self, calls: OperationCalls, requests: TokenRequests) -> None:
        """Take what lets callers in, and what carries out their requests."""
        self._calls = calls
        self._requests = requests

    async def __call__(self, call: Call) -> Answered:
        """Answer one call. Raises `Unavailable`."""
        authorised = await self._calls.authorise(
            Operation.GENERATE_INVITATION_TOKENS, call.metadata, call.line
        )
        if isinstance(authorised, Failure):
            return Failure(authorised.failure())
        caller = authorised.unwrap()
        received = await call.read(GenerateInvitationTokensRequest)
        if isinstance(received, Failure):
            return Failure(await self._calls.refuse(caller, received.failure(), call.line))
        message = received.unwrap()
        key = message.idempotency_key if message.HasField("idempotency_key") else None
        request = TokenRequest(message.identifiers, key, message.include_omitted)
        answered = await self._requests.carry_out(caller, request, call.line)
        if isinstance(answered, Failure):
            return Failure(answered.failure())
        await call.write(answered.unwrap())
        return Success(None)
