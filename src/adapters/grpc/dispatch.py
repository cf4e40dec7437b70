"""What is the same for every call, whatever its method."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import nullcontext
from logging import getLogger
from typing import TypeAlias

from grpc import (
    GenericRpcHandler,
    HandlerCallDetails,
    RpcMethodHandler,
    StatusCode,
    stream_stream_rpc_method_handler,
)
from returns.result import Failure, Result

from adapters.grpc.call import Call, Context, GrpcLimits, ShutdownSignal, metadata_of, values_of
from adapters.grpc.refusals import (
    DETAILS_METADATA,
    UNAVAILABLE,
    UNKNOWN_METHOD,
    Refusal,
    number_of,
    unexpected,
)
from adapters.serving.in_flight_limit import NO_PLACE_FREE
from adapters.serving.request_log import REQUEST_ID, LogLine, Observe, describe, logged_as, request_id
from application.ports.system import Unavailable

_logger = getLogger("invitations.grpc")


def refusal_for(raised: Exception, line: LogLine) -> Refusal:
    """Say what kind of trouble an exception is, and nothing else of it."""
    line.note(refusal=type(raised).__name__)
    if isinstance(raised, Unavailable):
        line.note(cause=str(raised))
        return UNAVAILABLE
    _logger.error("bug", extra=describe(raised))
    return unexpected(line.request_id)


Answered: TypeAlias = Result[None, Refusal]
"""All messages are written, or the call is refused."""

Method: TypeAlias = Callable[[Call], Awaitable[Answered]]


_logger_of_answering = getLogger("invitations.request")


class RpcDispatcher(GenericRpcHandler):
    """Finds the method of each call, bounds how many are in work, refuses and logs."""

    def __init__(
        self,
        operations: Mapping[str, Method],
        open_to_all: Mapping[str, Method],
        limits: GrpcLimits,
        stopping: ShutdownSignal,
        observe: Observe,
    ) -> None:
        """Methods by their paths; those that are open to all are always answered, and take no place."""
        self._operations = operations
        self._open_to_all = open_to_all
        self._places = limits.places
        self._limits = limits.call
        self._stopping = stopping
        self._observe = observe

    def service(self, handler_call_details: HandlerCallDetails) -> "RpcMethodHandler[bytes, bytes]":
        """Take a call, whatever its path."""
        path = handler_call_details.method

        async def answer(_requests: AsyncIterator[bytes], context: Context) -> None:
            await self._answer(path, context)

        return stream_stream_rpc_method_handler(answer)

    async def _answer(self, path: str, context: Context) -> None:
        offered = values_of(metadata_of(context), REQUEST_ID)
        line = LogLine(_logger_of_answering, "request", request_id(offered), self._observe)
        is_known = path in self._operations or path in self._open_to_all
        # what nobody answers may hold anything
        line.note(method="gRPC", route=path if is_known else "")
        context.set_trailing_metadata([(REQUEST_ID, line.request_id)])
        with logged_as(line.request_id):
            await self._answer_logged(path, context, line)

    async def _answer_logged(self, path: str, context: Context, line: LogLine) -> None:
        try:
            answered = await self._answered(path, context, line)
            if isinstance(answered, Failure):
                line.note(status=answered.failure().number)
                await _abort(context, answered.failure(), line)
            line.note(status=number_of(StatusCode.OK))
        except asyncio.CancelledError:
            line.note(status=number_of(cancellation_reason(context)))
            raise
        finally:
            line.write()

    async def _answered(self, path: str, context: Context, line: LogLine) -> Answered:
        try:
            if open_to_all := self._open_to_all.get(path):
                return await open_to_all(Call(context, line, self._limits, self._stopping, nullcontext))
            if operation := self._operations.get(path):
                return await self._in_place(operation, context, line)
        except Exception as raised:  # noqa: BLE001 - the library would tell callers its text
            return Failure(refusal_for(raised, line))
        line.note(refusal="UnknownMethod")
        return Failure(UNKNOWN_METHOD)

    async def _in_place(self, operation: Method, context: Context, line: LogLine) -> Answered:
        if self._places.all_taken:
            line.note(refusal=NO_PLACE_FREE)
            return Failure(UNAVAILABLE)
        with self._places.taken():
            return await operation(Call(context, line, self._limits, self._stopping, self._places.lent))


async def _abort(context: Context, refusal: Refusal, line: LogLine) -> None:
    details = refusal.status().SerializeToString()
    metadata = ((REQUEST_ID, line.request_id), (DETAILS_METADATA, details))
    await context.abort(refusal.code, refusal.sentence, metadata)


def cancellation_reason(context: Context) -> StatusCode:
    """Tell a caller that has waited long enough from one that went away."""
    return StatusCode.DEADLINE_EXCEEDED if context.time_remaining() == 0 else StatusCode.CANCELLED
