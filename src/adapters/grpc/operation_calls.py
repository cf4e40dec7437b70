"""How a call on an operation comes in, whichever it is."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.access_refusals import access_refusal
from adapters.grpc.call import Metadata, access_request
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensResponse,
    PatientIdentifier,
)
from adapters.grpc.messages import read_patient_identifiers, tokens_answer
from adapters.grpc.refusals import Refusal
from adapters.grpc.request_refusals import RequestRefused, generation_refusal, request_refusal
from adapters.serving.request_log import LogLine
from application.audit_recorder import AuditRecorder
from application.authorise_caller import (
    AccessRefused,
    AuthoriseCaller,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.generate_invitation_tokens.use_case import (
    MAX_PATIENT_IDENTIFIERS,
    GenerateCommand,
    GeneratedTokens,
    GenerateInvitationTokens,
)
from domain.access import AuthorisedCaller, Operation
from domain.audit import Outcome
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey


class OperationCalls:
    """Authorises callers, before a message is read, and refuses messages that are not understood."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: AuditRecorder) -> None:
        """Take the use case, and what puts on record a request that cannot be read."""
        self._authorise_caller = authorise_caller
        self._record = record

    async def authorise(
        self, operation: Operation, metadata: Metadata, line: LogLine
    ) -> Result[AuthorisedCaller, Refusal]:
        """Return who asks, or why the caller is not let in. Raises `Unavailable`."""
        authorised = await self._authorise_caller(operation, access_request(metadata))
        if isinstance(authorised, Failure):
            return Failure(_turn_away(authorised.failure(), line))
        _note_caller(authorised.unwrap(), line)
        return Success(authorised.unwrap())

    async def refuse(self, caller: AuthorisedCaller, refused: RequestRefused, line: LogLine) -> Refusal:
        """Put on record, and say, that a request is not understood. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        line.note(refusal=type(refused).__name__)
        return request_refusal(refused)


def _turn_away(refused: AccessRefused, line: LogLine) -> Refusal:
    line.note(refusal=type(refused).__name__)
    match refused:
        case (
            ScopeMissing(caller=caller)
            | OrganisationMissing(caller=caller)
            | OrganisationMalformed(caller=caller)
            | OrganisationForbidden(caller=caller)
        ):
            line.note(caller=caller.client_id)
        case CallsThrottled(authorised=authorised):
            _note_caller(authorised, line)
        case _:
            pass
    return access_refusal(refused)


def _note_caller(authorised: AuthorisedCaller, line: LogLine) -> None:
    line.note(caller=authorised.caller.client_id, organisation=str(authorised.organisation_id))


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
