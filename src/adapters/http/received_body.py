"""The body of a request, if all of it arrives."""

from http import HTTPStatus
from typing import Any, TypeAlias

from litestar import Request
from litestar.exceptions import HTTPException
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.http.body_deadline import BodyNotReceivedError, CallerGoneError


class BodyTooLarge(Struct, frozen=True):
    """The body is larger than the service takes."""


class BodyNotReceived(Struct, frozen=True):
    """The deadline passed before the whole body was there."""


class CallerGone(Struct, frozen=True):
    """The caller hung up before the whole body was there."""


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
