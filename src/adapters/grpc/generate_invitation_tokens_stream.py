"""The method GenerateInvitationTokensStream."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.grpc.call import Call
from adapters.grpc.dispatch import Answered, refusal_for
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    PatientIdentifier,
)
from adapters.grpc.messages import ReceiptFailed, ServiceStopping
from adapters.grpc.operation_calls import OperationCalls, TokenRequest, TokenRequests
from adapters.grpc.refusals import STOPPING, Refusal
from adapters.grpc.request_refusals import STREAM_KEY_LENGTH
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.request_log import LogLine
from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS
from domain.access import AuthorisedCaller, Operation
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey

StreamRefused: TypeAlias = ReceiptFailed | ServiceStopping | MalformedIdempotencyKey
"""Why a stream is not read on."""


class Batch(Struct, frozen=True):
    """A batch, and its number in the stream, from 0."""

    number: int
    request: TokenRequest


class StreamBatches:
    """Cuts a stream, so that the same identifiers in the same order make the same batches each time."""

    def __init__(self, call: Call) -> None:
        """Read nothing before the first batch is asked for."""
        self._call = call
        self._number = 0
        self._unread: Iterator[PatientIdentifier] = iter(())
        self._first: GenerateInvitationTokensStreamRequest | None = None

    async def next(self) -> Result[Batch | None, StreamRefused]:
        """Read as far as the next batch takes; None after the last."""
        identifiers: list[PatientIdentifier] = []
        while missing := MAX_PATIENT_IDENTIFIERS - len(identifiers):
            if found := list(islice(self._unread, missing)):
                identifiers += found
                continue
            more = await self._read_on()
            if isinstance(more, Failure):
                return Failure(more.failure())
            if more.unwrap() is None:
                break
        return Success(self._batch(identifiers) if identifiers else None)

    async def _read_on(self) -> Result[GenerateInvitationTokensStreamRequest | None, StreamRefused]:
        received = await self._call.read_next(GenerateInvitationTokensStreamRequest)
        if isinstance(received, Failure):
            return Failure(received.failure())
        message = received.unwrap()
        if message is None:
            return Success(None)
        self._unread = iter(message.identifiers)
        if self._first is None:
            self._first = message
            if not _has_usable_key(message):
                return Failure(MalformedIdempotencyKey())
        return Success(message)

    def _batch(self, identifiers: list[PatientIdentifier]) -> Batch:
        number = self._number
        self._number += 1
        first = self._first or GenerateInvitationTokensStreamRequest()
        key = f"{first.idempotency_key}/{number}" if first.HasField("idempotency_key") else None
        return Batch(number, TokenRequest(identifiers, key, first.include_omitted))


def _has_usable_key(first: GenerateInvitationTokensStreamRequest) -> bool:
    """Tell whether there is no key, or one from which those of the batches can be made."""
    key = first.idempotency_key
    is_short = len(key) <= STREAM_KEY_LENGTH
    return not first.HasField("idempotency_key") or (is_short and is_successful(IdempotencyKey.parse(key)))


BATCHES_AT_ONCE = 4
"""How many batches of one stream are in work at once; the next one is not read before."""


class GenerateInvitationTokensStreamMethod:
    """Invites any number of patients, batch by batch.

    Each batch is a request of its own: it takes a place among those in work, in its turn, its caller is
    authorised anew, since a grant may have been revoked, and its failure is an answer like any other.
    """

    def __init__(
        self,
        calls: OperationCalls,
        requests: TokenRequests,
        places: InFlightLimit,
        around_batch: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Take what lets callers in, what carries out their requests, and how many may be in work."""
        self._calls = calls
        self._requests = requests
        self._places = places
        self._around_batch = around_batch

    async def __call__(self, call: Call) -> Answered:
        """Answer one stream. Raises `Unavailable`, but not for a batch."""
        authorised = await self._authorise(call, call.line)
        if isinstance(authorised, Failure):
            return Failure(authorised.failure())
        with call.waiting():
            read = await self._answer_batches(call)
        if isinstance(read, Success):
            return Success(None)
        match read.failure():
            case ServiceStopping():
                call.line.note(refusal=ServiceStopping.__name__)
                return Failure(STOPPING)
            case refused:
                return Failure(await self._calls.refuse(authorised.unwrap(), refused, call.line))

    async def _answer_batches(self, call: Call) -> Result[None, StreamRefused]:
        batches = StreamBatches(call)
        slots = asyncio.Semaphore(BATCHES_AT_ONCE)
        writing = asyncio.Lock()

        async def answer(batch: Batch) -> None:
            with self._around_batch():
                response = await self._response(call, batch)
            async with writing:
                await call.write(response)
            slots.release()

        async with asyncio.TaskGroup() as answering:
            while True:
                await slots.acquire()
                batch = await batches.next()
                if isinstance(batch, Failure):
                    return Failure(batch.failure())
                found = batch.unwrap()
                if found is None:
                    return Success(None)
                answering.create_task(answer(found))

    async def _response(self, call: Call, batch: Batch) -> GenerateInvitationTokensStreamResponse:
        line = call.line.part("batch")
        line.note(batch=batch.number)
        size = len(batch.request.identifiers)
        answered = await self._carried_out(call, batch, line)
        if isinstance(answered, Failure):
            refusal = answered.failure()
            line.note(status=refusal.number)
            response = GenerateInvitationTokensStreamResponse(
                batch=batch.number, size=size, failure=refusal.status()
            )
        else:
            line.note(status=0)
            response = GenerateInvitationTokensStreamResponse(
                batch=batch.number, size=size, tokens=answered.unwrap()
            )
        line.write()
        return response

    async def _carried_out(
        self, call: Call, batch: Batch, line: LogLine
    ) -> Result[GenerateInvitationTokensResponse, Refusal]:
        try:
            async with self._places.taken_in_turn():
                authorised = await self._authorise(call, line)
                if isinstance(authorised, Failure):
                    return Failure(authorised.failure())
                return await self._requests.carry_out(authorised.unwrap(), batch.request, line)
        except Exception as raised:  # noqa: BLE001 - whatever it is, the other batches go on
            return Failure(refusal_for(raised, line))

    async def _authorise(self, call: Call, line: LogLine) -> Result[AuthorisedCaller, Refusal]:
        return await self._calls.authorise(Operation.GENERATE_INVITATION_TOKENS, call.metadata, line)
