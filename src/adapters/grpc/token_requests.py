"""A request for invitation tokens, whether it came alone or as a batch of a stream."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.door.log_line import LogLine
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensResponse,
    PatientIdentifier,
)
from adapters.grpc.operation_calls import OperationCalls
from adapters.grpc.patient_identifiers import read_patient_identifiers
from adapters.grpc.refusal import Refusal
from adapters.grpc.request_refusals import generation_refusal
from adapters.grpc.token_answers import tokens_answer
from application.generate_invitation_tokens import (
    MAX_PATIENT_IDENTIFIERS,
    GenerateCommand,
    GeneratedTokens,
    GenerateInvitationTokens,
)
from domain.caller import AuthorisedCaller
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey


class TokenRequest(Struct, frozen=True):
    """Whom a caller asks for, and how; `key` is as it wrote it."""

    identifiers: Sequence[PatientIdentifier]
    key: str | None
    include_omitted: bool


class TokenRequests:
    """Carries out requests for invitation tokens."""

    def __init__(self, calls: OperationCalls, generate: GenerateInvitationTokens) -> None:
        """Take the use case, and what refuses a request that is not understood."""
        self._calls = calls
        self._generate = generate

    async def carry_out(
        self, caller: AuthorisedCaller, request: TokenRequest, line: LogLine
    ) -> Result[GenerateInvitationTokensResponse, Refusal]:
        """Return the answer, or why there is none. Raises `Unavailable`.

        Of too many identifiers one more than are taken is read, to tell that they are too many.
        """
        asked = list(islice(request.identifiers, MAX_PATIENT_IDENTIFIERS + 1))
        identifiers = read_patient_identifiers(asked)
        if isinstance(identifiers, Failure):
            return Failure(await self._calls.refuse(caller, identifiers.failure(), line))
        line.note(asked=len(asked))
        key = _idempotency_key(request.key)
        if isinstance(key, Failure):
            return Failure(await self._calls.refuse(caller, key.failure(), line))
        generated = await self._generate(GenerateCommand(caller, identifiers.unwrap(), key.unwrap()))
        if isinstance(generated, Failure):
            line.note(refusal=type(generated.failure()).__name__)
            return Failure(generation_refusal(generated.failure()))
        tokens = generated.unwrap()
        _note_outcome(tokens, line)
        include_omitted = request.include_omitted and tokens.reasons_told
        return Success(tokens_answer(tokens, identifiers.unwrap(), asked, include_omitted=include_omitted))


def _idempotency_key(text: str | None) -> Result[IdempotencyKey | None, MalformedIdempotencyKey]:
    return Success(None) if text is None else IdempotencyKey.parse(text)


def _note_outcome(tokens: GeneratedTokens, line: LogLine) -> None:
    omitted = Counter(omission.reason.value for omission in tokens.omitted)
    line.note(audit_id=str(tokens.request_id), issued=tokens.issued, omitted=omitted)
