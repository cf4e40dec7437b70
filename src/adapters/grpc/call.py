"""One call: its metadata, its messages in both directions, its caller, and its line in the log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import DecodeError, Message
from grpc.aio import EOF, ServicerContext
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.messages import (
    CallerGone,
    MessageNotReadable,
    MessageNotReceived,
    MessageTooLarge,
    ReceiptFailed,
    ServiceStopping,
)
from adapters.grpc.status_codes import (
    AUTHORIZATION,
    ORGANISATION,
    Refusal,
    RequestRefused,
    grpc_refusal,
    request_refusal,
)
from adapters.serving.access_refusals import access_refusal
from adapters.serving.calls import bearer_token, caller_fields, refused_caller_fields
from adapters.serving.in_flight_limit import InFlightLimit, Slot
from adapters.serving.request_log import LogLine
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AccessRequest, AuthoriseCaller
from domain.access import AuthorisedCaller, Operation
from domain.audit import Outcome
from domain.results import failed


class AnswerNotReadError(Exception):
    """The caller did not read its answer in time."""


class EndOfWaits:
    """Ends the waits of a call whose caller is gone, or of a service that stops."""

    def __init__(self) -> None:
        """Start as not begun."""
        self.has_begun = False
        self._waits: set[asyncio.Timeout] = set()

    def begin(self) -> bool:
        """End all waits, now and from now on; return whether there were any."""
        self.has_begun = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())
        return bool(self._waits)

    @asynccontextmanager
    async def wait(self, seconds: float | None = None) -> AsyncIterator[None]:
        """Bound the block; raises TimeoutError after so many seconds, or when all waits end."""
        async with asyncio.timeout(0 if self.has_begun else seconds) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    async def pause(self, seconds: float) -> None:
        """Sleep for so many seconds, or until all waits end."""
        with suppress(TimeoutError):
            async with self.wait(seconds):
                await asyncio.Event().wait()


Context: TypeAlias = ServicerContext[bytes, bytes]
Metadata: TypeAlias = Sequence[tuple[str, str | bytes]]
M = TypeVar("M", bound=Message)


def metadata_of(context: ServicerContext[Any, Any]) -> Metadata:
    """Give the metadata of a call."""
    return tuple(context.invocation_metadata() or ())


def values_of(metadata: Metadata, name: str) -> list[str]:
    """Give every value that is sent under a name."""
    return [value for key, value in metadata if key == name and isinstance(value, str)]


def _combined(metadata: Metadata, name: str) -> str | None:
    """Join the values under a name: what is sent more than once makes one malformed value."""
    values = values_of(metadata, name)
    return ", ".join(values) if values else None


class CallLimits(Struct, frozen=True):
    """The limits of a call: bytes of a message, seconds to receive it, seconds between those of a stream.

    A caller may take as long to read an answer as between two messages of a stream.
    """

    message_bytes: int
    message_seconds: float
    idle_seconds: float


OPEN_CALL = CallLimits(message_bytes=4_096, message_seconds=2.0, idle_seconds=10.0)
"""The limits of health and reflection, which need no access token: the library keeps what has arrived."""


class GrpcLimits(Struct, frozen=True):
    """The limits of one process: of a call, and of the calls in progress, streams and connections at once."""

    call: CallLimits
    in_flight: InFlightLimit
    streams: int = 256
    connections: int = 16_000
    open_call: CallLimits = OPEN_CALL


_END_SECONDS = 0.05


class Call:
    """A call. Its messages are bytes until they are read: unary calls are streams of one message.

    Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
    """

    def __init__(
        self, context: Context, line: LogLine, limits: CallLimits, stopping: EndOfWaits, slot: Slot | None
    ) -> None:
        """`slot` is given back while the call waits for its caller; health and reflection have none."""
        self.line = line
        self.stopping = stopping
        self.gone = EndOfWaits()
        self._context = context
        self._limits = limits
        self._slot = slot

    @property
    def metadata(self) -> Metadata:
        """The metadata of the call."""
        return metadata_of(self._context)

    def hang_up(self) -> bool:
        """Note that the caller is gone; return whether the call waited for it, and so ends by itself."""
        return self.gone.begin()

    def give_slot_back(self) -> None:
        """Go on without a slot: the call only waits, and sends what is ready."""
        if self._slot is not None:
            self._slot.give_back()

    async def read(self, message_type: type[M]) -> Result[M, ReceiptFailed]:
        """Wait for the only message. Raises NoSlotFree."""
        try:
            async with self._without_slot(), self.gone.wait(self._limits.message_seconds):
                received = await self._receive()
        except TimeoutError:
            return Failure(CallerGone() if self.gone.has_begun else MessageNotReceived())
        return Failure(MessageNotReadable()) if received is None else self._parsed(received, message_type)

    async def read_next(self, message_type: type[M]) -> Result[M | None, ReceiptFailed | ServiceStopping]:
        """Wait for the next message of a stream; None after the last."""
        try:
            async with (
                self.gone.wait(self._limits.idle_seconds),
                self.stopping.wait(self._limits.idle_seconds),
            ):
                received = await self._receive()
        except TimeoutError:
            if self.gone.has_begun:
                return Failure(CallerGone())
            return Failure(ServiceStopping() if self.stopping.has_begun else MessageNotReceived())
        if received is None:
            return Success(None)
        return self._parsed(received, message_type)

    async def write(self, message: Message) -> None:
        """Send a message, without a slot. Raises AnswerNotReadError if the caller does not read in time."""
        self.give_slot_back()
        if self.gone.has_begun:
            return
        try:
            async with self.gone.wait(self._limits.idle_seconds):
                await self._write(message.SerializeToString())
        except TimeoutError:
            if not self.gone.has_begun:
                raise AnswerNotReadError from None

    def _without_slot(self) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self._slot is None else self._slot.released()

    async def _write(self, message: bytes) -> None:
        try:
            await self._context.write(message)
        except Exception:
            # the library fails on a lost connection, and cancels the call a moment later
            await asyncio.sleep(_END_SECONDS)
            raise

    async def _receive(self) -> bytes | None:
        received: Any = await self._context.read()
        if received is not EOF:
            return bytes(received)
        # the library reports a lost connection as the end of the stream, and cancels the call a moment later
        await asyncio.sleep(_END_SECONDS)
        return None

    def _parsed(self, received: bytes, message_type: type[M]) -> Result[M, ReceiptFailed]:
        if len(received) > self._limits.message_bytes:
            return Failure(MessageTooLarge())
        try:
            return Success(message_type.FromString(received))
        except DecodeError:
            return Failure(MessageNotReadable())


class OperationCalls:
    """Authorises callers before their messages are read, and refuses requests that cannot be read."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: AuditRecorder) -> None:
        """Authorise callers with the use case, and put requests on record that cannot be read."""
        self._authorise_caller = authorise_caller
        self._record = record

    async def authorise(
        self, operation: Operation, metadata: Metadata, line: LogLine
    ) -> Result[AuthorisedCaller, Refusal]:
        """Return the authorised caller, or why the caller is refused. Raises `Unavailable`."""
        access = AccessRequest(
            bearer_token(_combined(metadata, AUTHORIZATION)), _combined(metadata, ORGANISATION)
        )
        authorised = await self._authorise_caller(operation, access)
        if failed(authorised):
            line.note(**refused_caller_fields(authorised.failure()))
            return Failure(grpc_refusal(access_refusal(authorised.failure())))
        line.note(**caller_fields(authorised.unwrap()))
        return Success(authorised.unwrap())

    async def put_on_record(self, caller: AuthorisedCaller) -> None:
        """Put a call on record that asked for nothing. Raises `Unavailable`."""
        await self._record.complete(self._record.begin(caller, asked=0))

    async def refuse(self, caller: AuthorisedCaller, refused: RequestRefused, line: LogLine) -> Refusal:
        """Refuse a request that cannot be read, and put that on record. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        line.note(refusal=type(refused).__name__)
        return request_refusal(refused)
