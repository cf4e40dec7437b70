"""The access tokens of the bulk client."""

import asyncio
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote_plus

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from adapters.client.bounded_answers import SMALL
from application.ports.mailing import NotAnswered, Refused
from domain.confidential import Confidential

_RENEWED_EARLY_SECONDS = 60.0
_MOST_CHARACTERS = 200
_DEFAULT_LIFETIME_SECONDS = 300.0
"""Applies if the OAuth server gives no `expires_in`."""


class AccessTokens(Protocol):
    """Gives a valid access token."""

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token for a request."""
        ...


class ReadyAccessToken(AccessTokens):
    """A token that the operator supplies. It is not renewed."""

    def __init__(self, text: str) -> None:
        """Take the token."""
        self._text = text

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token."""
        return Success(self._text)


class ClientCredentials(Confidential, frozen=True):
    """The client credentials grant of https://www.rfc-editor.org/rfc/rfc6749#section-4.4 ."""

    token_url: str
    client_id: str
    secret: str
    scope: str

    @property
    def form(self) -> dict[str, str]:
        """The form of a token request."""
        scope = {"scope": self.scope} if self.scope else {}
        return {"grant_type": "client_credentials", **scope}

    @property
    def basic(self) -> httpx.BasicAuth:
        """Id and secret, encoded by https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""
        return httpx.BasicAuth(quote_plus(self.client_id), quote_plus(self.secret))


class _Granted(Confidential, frozen=True):
    access_token: str
    expires_in: float = _DEFAULT_LIFETIME_SECONDS


class _Error(Struct, frozen=True):
    error: str = ""


class RenewedAccessTokens(AccessTokens):
    """Gets tokens by client credentials, and renews each before it expires."""

    def __init__(
        self, client: httpx.AsyncClient, credentials: ClientCredentials, monotonic: Callable[[], float]
    ) -> None:
        """Take an HTTP client and a clock in seconds that never goes back."""
        self._client = client
        self._credentials = credentials
        self._monotonic = monotonic
        self._token = ""
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()

    async def current(self) -> Result[str, Refused | NotAnswered]:
        """Give the token. Get a new one first if there is none or it expires soon."""
        async with self._renewing:
            if self._token and self._monotonic() < self._renew_at:
                return Success(self._token)
            return await self._renewed()

    async def _renewed(self) -> Result[str, Refused | NotAnswered]:
        asked_at = self._monotonic()
        try:
            response = await self._client.post(
                self._credentials.token_url,
                data=self._credentials.form,
                auth=self._credentials.basic,
                extensions={**SMALL},
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
        # a token of less than two minutes is renewed after half of its lifetime
        early = min(_RENEWED_EARLY_SECONDS, granted.expires_in / 2)
        self._renew_at = asked_at + granted.expires_in - early
        return Success(self._token)


def _problem(response: httpx.Response) -> str:
    try:
        error = json.decode(response.content, type=_Error).error
    except DecodeError:
        error = ""
    # control characters could move the cursor of a terminal
    visible = "".join(each if each.isprintable() else " " for each in error[:_MOST_CHARACTERS])
    return f"{response.status_code} {visible}".strip()
