"""The method GenerateInvitationTokens, and what a request for tokens does in a stream too."""

from collections.abc import Sequence
from itertools import islice

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.call import Call, OperationCalls
from adapters.grpc.dispatch import Answered
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensRequest,
    GenerateInvitationTokensResponse,
    PatientIdentifier,
)
from adapters.grpc.messages import read_patient_identifiers, tokens_answer
from adapters.grpc.status_codes import Refusal, grpc_refusal
from adapters.serving.calls import generation_fields
from adapters.serving.refusals import generation_refusal
from adapters.serving.request_log import LogLine
from application.generate_invitation_tokens.use_case import (
    MAX_PATIENT_IDENTIFIERS,
    GenerateCommand,
    GenerateInvitationTokens,
)
from domain.access import AuthorisedCaller, Operation
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey
from domain.results import failed


class TokenRequest(Struct, frozen=True):
    """A request for invitation tokens; `key` is as the caller wrote it."""

    identifiers: Sequence[PatientIdentifier]
    key: str | None
    include_omitted: bool


class TokenRequests:
    """Carries out requests for invitation tokens."""

    def __init__(self, calls: OperationCalls, generate: GenerateInvitationTokens) -> None:
        """Carry them out with the use case; `calls` refuses requests that cannot be read."""
        self._calls = calls
        self._generate = generate

    async def carry_out(
        self, caller: AuthorisedCaller, request: TokenRequest, line: LogLine
    ) -> Result[GenerateInvitationTokensResponse, Refusal]:
        """Return the answer, or why there is none. Raises `Unavailable`."""
        # one more than the limit, so that the use case sees that there are too many
        asked = list(islice(request.identifiers, MAX_PATIENT_IDENTIFIERS + 1))
        identifiers = read_patient_identifiers(asked)
        if failed(identifiers):
            return Failure(await self._calls.refuse(caller, identifiers.failure(), line))
        line.note(asked=len(asked))
        key = _idempotency_key(request.key)
        if failed(key):
            return Failure(await self._calls.refuse(caller, key.failure(), line))
        generated = await self._generate(GenerateCommand(caller, identifiers.unwrap(), key.unwrap()))
        if failed(generated):
            line.note(refusal=type(generated.failure()).__name__)
            return Failure(grpc_refusal(generation_refusal(generated.failure())))
        tokens = generated.unwrap()
        line.note(**generation_fields(tokens))
        include_omitted = request.include_omitted and tokens.reasons_told
        return Success(tokens_answer(tokens, identifiers.unwrap(), asked, include_omitted=include_omitted))


def _idempotency_key(text: str | None) -> Result[IdempotencyKey | None, MalformedIdempotencyKey]:
    return Success(None) if text is None else IdempotencyKey.parse(text)


class GenerateInvitationTokensMethod:
    """Invites the patients that an authorised caller names."""

    def __init__(self, calls: OperationCalls, requests: TokenRequests) -> None:
        """Authorise callers with `calls`, and carry out their requests with `requests`."""
        self._calls = calls
        self._requests = requests

    async def __call__(self, call: Call) -> Answered:
        """Answer one call. Raises `Unavailable`."""
        authorised = await self._calls.authorise(
            Operation.GENERATE_INVITATION_TOKENS, call.metadata, call.line
        )
        if failed(authorised):
            return Failure(authorised.failure())
        caller = authorised.unwrap()
        received = await call.read(GenerateInvitationTokensRequest)
        if failed(received):
            return Failure(await self._calls.refuse(caller, received.failure(), call.line))
        message = received.unwrap()
        key = message.idempotency_key if message.HasField("idempotency_key") else None
        request = TokenRequest(message.identifiers, key, message.include_omitted)
        answered = await self._requests.carry_out(caller, request, call.line)
        if failed(answered):
            return Failure(answered.failure())
        await call.write(answered.unwrap())
        return Success(None)
