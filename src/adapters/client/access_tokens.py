"""The access tokens that the client shows to the service."""

import asyncio
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote_plus

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from application.ports.mailing import NotAnswered, Refused
from domain.confidential import Confidential

_RENEWED_EARLY_SECONDS = 60.0
_LIFETIME_UNTOLD_SECONDS = 300.0
"""For a server that does not tell how long its tokens live."""


class AccessTokens(Protocol):
    """Gives a token that is in force."""

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token for a request."""
        ...


class ReadyAccessToken(AccessTokens):
    """A token that somebody else got; it is not renewed."""

    def __init__(self, text: str) -> None:
        """Take the token."""
        self._text = text

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token."""
        return Success(self._text)


class ClientCredentials(Confidential, frozen=True):
    """What the client proves itself with, and where: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 ."""

    token_url: str
    client_id: str
    secret: str
    scope: str

    @property
    def form(self) -> dict[str, str]:
        """What is asked for."""
        scope = {"scope": self.scope} if self.scope else {}
        return {"grant_type": "client_credentials", **scope}

    @property
    def basic(self) -> httpx.BasicAuth:
        """Id and secret as https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 has it."""
        return httpx.BasicAuth(quote_plus(self.client_id), quote_plus(self.secret))


class _Granted(Confidential, frozen=True):
    access_token: str
    expires_in: float = _LIFETIME_UNTOLD_SECONDS


class _Error(Struct, frozen=True):
    error: str = ""


class RenewedAccessTokens(AccessTokens):
    """Gets a token by client credentials, and the next one before it expires."""

    def __init__(
        self, client: httpx.AsyncClient, credentials: ClientCredentials, monotonic: Callable[[], float]
    ) -> None:
        """Take an HTTP client; `monotonic` tells seconds, only ever forward."""
        self._client = client
        self._credentials = credentials
        self._monotonic = monotonic
        self._token = ""
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token, and get one first where it is missing or close to its end."""
        async with self._renewing:
            if self._token and self._monotonic() < self._renew_at:
                return Success(self._token)
            return await self._renewed()

    async def _renewed(self) -> Result[str, Refused | NotAnswered]:
        asked_at = self._monotonic()
        try:
            response = await self._client.post(
                self._credentials.token_url, data=self._credentials.form, auth=self._credentials.basic
            )
        except httpx.HTTPError as error:
            return Failure(NotAnswered(f"no answer from the OAuth server ({type(error).__name__})"))
        if response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return Failure(NotAnswered(f"the OAuth server answers with status {response.status_code}"))
        try:
            granted = json.decode(response.content, type=_Granted)
        except DecodeError:
            return Failure(Refused(f"the OAuth server gives no access token: {_problem(response)}"))
        self._token = granted.access_token
        # a token that lives for less than two minutes is renewed when half of that is over
        early = min(_RENEWED_EARLY_SECONDS, granted.expires_in / 2)
        self._renew_at = asked_at + granted.expires_in - early
        return Success(self._token)


def _problem(response: httpx.Response) -> str:
    try:
        error = json.decode(response.content, type=_Error).error
    except DecodeError:
        error = ""
    return f"{response.status_code} {error}".strip()
