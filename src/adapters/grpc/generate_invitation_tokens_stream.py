"""The method GenerateInvitationTokensStream."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

from returns.result import Failure, Result, Success

from adapters.door.log_line import LogLine
from adapters.door.places import Places
from adapters.grpc.call import Call
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamResponse,
)
from adapters.grpc.message_refused import ServiceStopping
from adapters.grpc.method import Answered
from adapters.grpc.operation_calls import OperationCalls
from adapters.grpc.raised import refusal_for
from adapters.grpc.refusal import Refusal
from adapters.grpc.service_refusals import STOPPING
from adapters.grpc.stream_batches import Batch, StreamBatches, StreamRefused
from adapters.grpc.token_requests import TokenRequests
from domain.caller import AuthorisedCaller
from domain.operation import Operation

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
        places: Places,
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
