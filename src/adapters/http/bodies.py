"""Receives the bodies of requests, within a time limit.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, TypeAlias

from litestar import Request
from litestar.exceptions import HTTPException
from msgspec import Struct
from returns.result import Failure, Result, Success

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyTooLarge(Struct, frozen=True):
    """The body is larger than the service accepts."""


class BodyNotReceived(Struct, frozen=True):
    """The deadline passed before the whole body arrived."""


class CallerGone(Struct, frozen=True):
    """The caller hung up before the whole body arrived."""


TransferFailed: TypeAlias = BodyTooLarge | BodyNotReceived | CallerGone


async def received_body(request: Request[Any, Any, Any]) -> Result[bytes, TransferFailed]:
    """Wait for the whole body."""
    try:
        return Success(await request.body())
    except BodyNotReceivedError:
        return Failure(BodyNotReceived())
    except CallerGoneError:
        return Failure(CallerGone())
    except HTTPException as error:
        if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise
        return Failure(BodyTooLarge())


class BodyNotReceivedError(Exception):
    """The deadline passed before the whole body arrived."""


class CallerGoneError(Exception):
    """The caller hung up before the whole body arrived."""


class BodyDeadline:
    """ASGI middleware that gives a body a number of seconds to arrive, counted from its first read.

    An answer before the end of the body announces that the connection closes. So the caller does not send
    its next request on it: https://www.rfc-editor.org/rfc/rfc9112#section-9.6 .
    """

    def __init__(self, app: AsgiApp, seconds: float) -> None:
        """Limit the time of the bodies that `app` reads."""
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. Reading its body may raise BodyNotReceivedError or CallerGoneError."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._seconds, is_complete=not _announces_body(scope))

        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start" and not body.is_complete:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, body.receive, send_and_close)


class _Body:
    """A body that is being received."""

    def __init__(self, receive: Receive, seconds: float, *, is_complete: bool) -> None:
        self._receive = receive
        self._seconds = seconds
        self._deadline: float | None = None
        self.is_complete = is_complete

    async def receive(self) -> Message:
        if self.is_complete:
            return await self._receive()
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise BodyNotReceivedError from None
        if message["type"] == "http.disconnect":
            raise CallerGoneError
        self.is_complete = not message.get("more_body", False)
        return message


def _announces_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
        for name, value in scope["headers"]
    )
