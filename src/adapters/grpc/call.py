"""One call: its metadata, its messages in both directions, and what the log says of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import DecodeError, Message
from grpc.aio import EOF, ServicerContext
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.messages import (
    MessageNotReadable,
    MessageNotReceived,
    MessageTooLarge,
    ReceiptFailed,
    ServiceStopping,
)
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.request_log import LogLine
from application.authorise_caller import AccessRequest


class ShutdownSignal:
    """Ends the waits that would keep the service from stopping."""

    def __init__(self) -> None:
        """Not stopping yet."""
        self.has_begun = False
        self._waits: set[asyncio.Timeout] = set()

    def begin(self) -> None:
        """End all waits that may be ended, now and from now on."""
        self.has_begun = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def wait(self, seconds: float) -> AsyncIterator[None]:
        """Wait within the block; raises TimeoutError after so many seconds, or when the service stops."""
        async with asyncio.timeout(0 if self.has_begun else seconds) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    async def pause(self, seconds: float) -> None:
        """Do nothing for so many seconds, or until the service stops."""
        with suppress(TimeoutError):
            async with self.wait(seconds):
                await asyncio.Event().wait()


Metadata: TypeAlias = Sequence[tuple[str, str | bytes]]

AUTHORIZATION = "authorization"
ORGANISATION = "x-org-public-id"


def metadata_of(context: ServicerContext[Any, Any]) -> Metadata:
    """Give what came with a call."""
    return tuple(context.invocation_metadata() or ())


def access_request(metadata: Metadata) -> AccessRequest:
    """Read access token and organisation; what is sent more than once makes one malformed value."""
    return AccessRequest(_bearer_token(metadata), _combined(metadata, ORGANISATION))


def values_of(metadata: Metadata, name: str) -> list[str]:
    """Give every value that is sent under a name."""
    return [value for key, value in metadata if key == name and isinstance(value, str)]


def _bearer_token(metadata: Metadata) -> str | None:
    """Give what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (_combined(metadata, AUTHORIZATION) or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _combined(metadata: Metadata, name: str) -> str | None:
    values = values_of(metadata, name)
    return ", ".join(values) if values else None


Context: TypeAlias = ServicerContext[bytes, bytes]
M = TypeVar("M", bound=Message)

_MOMENT_SECONDS = 0.05


class CallLimits(Struct, frozen=True):
    """What one process takes: bytes of a message, seconds to receive it, and to wait for a stream's next."""

    message_bytes: int
    message_seconds: float
    idle_seconds: float


class GrpcLimits(Struct, frozen=True):
    """What one process takes: of a call, and of calls in work at once."""

    call: CallLimits
    places: InFlightLimit


class Call:
    """A call as it comes in. Messages are bytes until they are asked for: unary calls are streams of one.

    Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
    """

    def __init__(
        self,
        context: Context,
        line: LogLine,
        limits: CallLimits,
        stopping: ShutdownSignal,
        waiting: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Surround waits for the caller by what `waiting` gives."""
        self.line = line
        self.stopping = stopping
        self.waiting = waiting
        self._context = context
        self._limits = limits

    @property
    def metadata(self) -> Metadata:
        """What came with the call."""
        return metadata_of(self._context)

    async def read(self, message_type: type[M]) -> Result[M, ReceiptFailed]:
        """Wait for the only message."""
        try:
            with self.waiting():
                async with asyncio.timeout(self._limits.message_seconds):
                    received = await self._receive()
        except TimeoutError:
            return Failure(MessageNotReceived())
        return Failure(MessageNotReadable()) if received is None else self._parsed(received, message_type)

    async def read_next(self, message_type: type[M]) -> Result[M | None, ReceiptFailed | ServiceStopping]:
        """Wait for the next message of a stream; there is none after the last."""
        try:
            async with self.stopping.wait(self._limits.idle_seconds):
                received = await self._receive()
        except TimeoutError:
            return Failure(ServiceStopping() if self.stopping.has_begun else MessageNotReceived())
        if received is None:
            return Success(None)
        return self._parsed(received, message_type)

    async def write(self, message: Message) -> None:
        """Send a message; it waits while the caller does not read."""
        await self._context.write(message.SerializeToString())

    async def _receive(self) -> bytes | None:
        received: Any = await self._context.read()
        if received is not EOF:
            return bytes(received)
        # a caller that is gone looks like one that is done, but for the cancellation that follows at once
        await asyncio.sleep(_MOMENT_SECONDS)
        return None

    def _parsed(self, received: bytes, message_type: type[M]) -> Result[M, ReceiptFailed]:
        if len(received) > self._limits.message_bytes:
            return Failure(MessageTooLarge())
        try:
            return Success(message_type.FromString(received))
        except DecodeError:
            return Failure(MessageNotReadable())
