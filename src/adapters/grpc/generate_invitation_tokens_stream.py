"""The method GenerateInvitationTokensStream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.grpc.call import AnswerNotReadError, Call, OperationCalls
from adapters.grpc.dispatch import Answered, refusal_for
from adapters.grpc.generate_invitation_tokens import TokenRequest, TokenRequests
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    PatientIdentifier,
)
from adapters.grpc.messages import CallerGone, ReceiptFailed, ServiceStopping
from adapters.grpc.status_codes import STREAM_KEY_LENGTH, Refusal, grpc_refusal
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.refusals import STOPPING
from adapters.serving.request_log import LogLine
from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS
from domain.access import AuthorisedCaller, Operation
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey
from domain.results import failed

StreamRefused: TypeAlias = ReceiptFailed | ServiceStopping | MalformedIdempotencyKey
"""Why the service stops reading a stream."""


class Batch(Struct, frozen=True):
    """A batch, and its number in the stream, from 0."""

    number: int
    request: TokenRequest


class StreamBatches:
    """Cuts a stream into batches: the same identifiers in the same order always make the same batches."""

    def __init__(self, call: Call) -> None:
        """Nothing is read before the first call of `next`."""
        self._call = call
        self._number = 0
        self._unread: Iterator[PatientIdentifier] = iter(())
        self._first: GenerateInvitationTokensStreamRequest | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no batch was read."""
        return self._number == 0

    async def next(self) -> Result[Batch | None, StreamRefused]:
        """Read the next batch; None after the last."""
        identifiers: list[PatientIdentifier] = []
        while missing := MAX_PATIENT_IDENTIFIERS - len(identifiers):
            if found := list(islice(self._unread, missing)):
                identifiers += found
                continue
            more = await self._read_on()
            if failed(more):
                return Failure(more.failure())
            if more.unwrap() is None:
                break
        return Success(self._batch(identifiers) if identifiers else None)

    async def _read_on(self) -> Result[GenerateInvitationTokensStreamRequest | None, StreamRefused]:
        received = await self._call.read_next(GenerateInvitationTokensStreamRequest)
        if failed(received):
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
    """Check that there is no key, or one that leaves room for the number of a batch."""
    key = first.idempotency_key
    is_short = len(key) <= STREAM_KEY_LENGTH
    return not first.HasField("idempotency_key") or (is_short and is_successful(IdempotencyKey.parse(key)))


async def _next_in(
    batches: StreamBatches, call: Call, slots: asyncio.Semaphore
) -> Result[Batch | None, StreamRefused]:
    """Read the next batch once there is room for it among those of the stream."""
    try:
        async with call.gone.wait():
            await slots.acquire()
    except TimeoutError:
        return Failure(CallerGone())
    return await batches.next()


BATCHES_AT_ONCE = 4
"""How many batches of one stream are in progress at once. The next one is read when one of them ends."""


class StreamLimits:
    """The bounds of the streams in one process.

    A stream holds no slot of the in-flight limit, for it waits for its caller most of the time. Each of its
    batches holds one. All batches together hold at most half of the slots, so that other calls are answered.
    """

    def __init__(self, in_flight: InFlightLimit, streams: int) -> None:
        """Allow so many streams at once."""
        self._in_flight = in_flight
        self._streams = InFlightLimit(streams)
        self._batches = InFlightLimit(max(1, in_flight.limit // 2))

    def stream(self) -> AbstractAsyncContextManager[object]:
        """Hold the place of a stream until the block ends. Raises NoSlotFree if there is none."""
        return self._streams.acquired()

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[None]:
        """Wait for a slot, and hold it until the block ends. Raises NoSlotFree if that takes too long."""
        async with self._batches.acquired_in_turn(), self._in_flight.acquired_in_turn():
            yield


class GenerateInvitationTokensStreamMethod:
    """Invites any number of patients, batch by batch.

    Each batch is a request of its own. It waits for a slot. Its caller is authorised again, because a grant
    may have been revoked. Its failure is an answer like any other.
    """

    def __init__(
        self,
        calls: OperationCalls,
        requests: TokenRequests,
        limits: StreamLimits,
        around_batch: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Carry out each batch with `requests`, as `limits` let it, within `around_batch`."""
        self._calls = calls
        self._requests = requests
        self._limits = limits
        self._around_batch = around_batch

    async def __call__(self, call: Call) -> Answered:
        """Answer one stream. Raises `Unavailable`, though not for a batch."""
        authorised = await self._authorise(call, call.line)
        if failed(authorised):
            return Failure(authorised.failure())
        async with self._limits.stream():
            call.give_slot_back()
            return await self._answered(call, authorised.unwrap())

    async def _answered(self, call: Call, caller: AuthorisedCaller) -> Answered:
        batches = StreamBatches(call)
        try:
            read = await self._answer_batches(call, batches)
        except ExceptionGroup as raised:
            if raised.subgroup(AnswerNotReadError) is None:
                raise
            raise AnswerNotReadError from None
        if not failed(read):
            if batches.is_empty:
                async with self._limits.batch():
                    await self._calls.put_on_record(caller)
            return Success(None)
        match read.failure():
            case ServiceStopping():
                call.line.note(refusal=ServiceStopping.__name__)
                return Failure(grpc_refusal(STOPPING))
            case refused:
                async with self._limits.batch():
                    return Failure(await self._calls.refuse(caller, refused, call.line))

    async def _answer_batches(self, call: Call, batches: StreamBatches) -> Result[None, StreamRefused]:
        slots = asyncio.Semaphore(BATCHES_AT_ONCE)
        writing = asyncio.Lock()

        async def answer(batch: Batch) -> None:
            with self._around_batch():
                response = await self._response(call, batch)
            async with writing:
                await call.write(response)
            slots.release()

        async with asyncio.TaskGroup() as answering:
            begun: list[asyncio.Task[None]] = []
            while True:
                batch = await _next_in(batches, call, slots)
                if failed(batch):
                    if isinstance(batch.failure(), CallerGone):
                        # no caller waits for their answers any more
                        for each in begun:
                            each.cancel()
                    return Failure(batch.failure())
                found = batch.unwrap()
                if found is None:
                    return Success(None)
                begun = [*(each for each in begun if not each.done()), answering.create_task(answer(found))]

    async def _response(self, call: Call, batch: Batch) -> GenerateInvitationTokensStreamResponse:
        line = call.line.part("batch")
        line.note(batch=batch.number)
        size = len(batch.request.identifiers)
        answered = await self._carried_out(call, batch, line)
        if failed(answered):
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
            async with self._limits.batch():
                authorised = await self._authorise(call, line)
                if failed(authorised):
                    return Failure(authorised.failure())
                return await self._requests.carry_out(authorised.unwrap(), batch.request, line)
        except Exception as raised:  # noqa: BLE001 - the other batches go on
            return Failure(refusal_for(raised, line))

    async def _authorise(self, call: Call, line: LogLine) -> Result[AuthorisedCaller, Refusal]:
        return await self._calls.authorise(Operation.GENERATE_INVITATION_TOKENS, call.metadata, line)
