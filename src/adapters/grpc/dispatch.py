"""What is the same for every call, whatever its method: the log line, the slot, and the answer to trouble."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from logging import getLogger
from typing import TypeAlias

from grpc import RpcMethodHandler, StatusCode, stream_stream_rpc_method_handler
from msgspec import Struct
from returns.result import Failure, Result

from adapters.grpc.call import (
    AnswerNotReadError,
    Call,
    Context,
    EndOfWaits,
    GrpcLimits,
    metadata_of,
    values_of,
)
from adapters.grpc.library_server import UNKNOWN_PATH
from adapters.grpc.status_codes import (
    DETAILS_METADATA,
    UNKNOWN_METHOD,
    Refusal,
    grpc_refusal,
    number_of,
)
from adapters.serving.refusals import ANSWER_NOT_READ, UNAVAILABLE, unexpected_refusal
from adapters.serving.request_log import REQUEST_ID, LogLine, Observe, describe, logged_as, request_id
from application.ports.system import Unavailable
from domain.results import failed

_logger = getLogger("invitations.grpc")
_request_logger = getLogger("invitations.request")


def refusal_for(raised: Exception, line: LogLine) -> Refusal:
    """Answer for an exception; its text stays out of the answer."""
    line.note(refusal=type(raised).__name__)
    if isinstance(raised, Unavailable):
        line.note(cause=str(raised))
        return grpc_refusal(UNAVAILABLE)
    if isinstance(raised, AnswerNotReadError):
        return grpc_refusal(ANSWER_NOT_READ)
    _logger.error("bug", extra=describe(raised))
    return grpc_refusal(unexpected_refusal(line.request_id))


Answered: TypeAlias = Result[None, Refusal]
"""The outcome of a call: all messages are written, or the call is refused."""

Method: TypeAlias = Callable[[Call], Awaitable[Answered]]


class Methods(Struct, frozen=True):
    """The methods by their paths; those that are `always_answered` take no slot."""

    operations: Mapping[str, Method]
    always_answered: Mapping[str, Method]


class RpcDispatcher:
    """Passes each call on to its method, bounds how many are in progress, refuses and logs."""

    def __init__(self, methods: Methods, limits: GrpcLimits, stopping: EndOfWaits, observe: Observe) -> None:
        """`observe` gets the fields of each log line."""
        self._methods = methods
        self._limits = limits
        self._stopping = stopping
        self._observe = observe

    def handlers(self) -> "Mapping[str, RpcMethodHandler[bytes, bytes]]":
        """Give the handler of each path, and that of all unknown ones."""
        paths = (*self._methods.operations, *self._methods.always_answered, UNKNOWN_PATH)
        return {path: self._handler(path) for path in paths}

    def _handler(self, path: str) -> "RpcMethodHandler[bytes, bytes]":
        async def answer(_requests: AsyncIterator[bytes], context: Context) -> None:
            offered = values_of(metadata_of(context), REQUEST_ID)
            line = LogLine(_request_logger, "request", request_id(offered), self._observe)
            context.set_trailing_metadata([(REQUEST_ID, line.request_id)])
            with logged_as(line.request_id):
                await self._answer(path, context, line)

        return stream_stream_rpc_method_handler(answer)

    async def _answer(self, path: str, context: Context, line: LogLine) -> None:
        line.note(method="gRPC", route=path)
        try:
            answered = await self._answered(path, context, line)
            if failed(answered):
                line.note(status=answered.failure().number)
                await self._abort(context, answered.failure(), line)
            else:
                line.note(status=number_of(StatusCode.OK))
        except asyncio.CancelledError:
            line.note(status=number_of(cancellation_reason(context)))
            raise
        finally:
            line.write()

    async def _abort(self, context: Context, refusal: Refusal, line: LogLine) -> None:
        details = refusal.status().SerializeToString()
        metadata = ((REQUEST_ID, line.request_id), (DETAILS_METADATA, details))
        # the library sends the status behind the answers that the caller does not read
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.call.idle_seconds):
                await context.abort(refusal.code, refusal.sentence, metadata)

    async def _answered(self, path: str, context: Context, line: LogLine) -> Answered:
        try:
            if method := self._methods.always_answered.get(path):
                return await method(Call(context, line, self._limits.open_call, self._stopping, None))
            if operation := self._methods.operations.get(path):
                async with self._limits.in_flight.acquired() as slot:
                    call = Call(context, line, self._limits.call, self._stopping, slot)
                    return await _carried_out(operation, call)
        except Exception as raised:  # noqa: BLE001 - the library would send its text to the caller
            return Failure(refusal_for(raised, line))
        line.note(refusal="UnknownMethod")
        return Failure(UNKNOWN_METHOD)


async def _carried_out(operation: Method, call: Call) -> Answered:
    """Carry out an operation.

    If its caller hangs up while it waits for the caller, it puts that on record. Otherwise it is cancelled.
    """
    task = asyncio.ensure_future(operation(call))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not call.hang_up():
            task.cancel()
        await asyncio.wait([task])
        with suppress(asyncio.CancelledError):
            if isinstance(raised := task.exception(), Exception):
                refusal_for(raised, call.line)
        raise


_ON_THE_WAY_SECONDS = 0.5
"""How long a call may be on its way. By the caller's clock, its deadline passes that much earlier."""


def cancellation_reason(context: Context) -> StatusCode:
    """Distinguish a passed deadline from a caller that hung up."""
    # None without a deadline, whatever the library's types say
    left: float | None = context.time_remaining()
    has_passed = left is not None and left < _ON_THE_WAY_SECONDS
    return StatusCode.DEADLINE_EXCEEDED if has_passed else StatusCode.CANCELLED
