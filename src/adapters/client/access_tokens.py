"""The access tokens of the bulk client."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from adapters.client.bounded_answers import SMALL
from adapters.client.client_authentication import ClientAuthentication
from adapters.client.failures import TRANSIENT, no_answer, printable, retry_after_seconds
from application.ports.mailing import NotAnswered, Refused
from domain.confidential import Confidential

_RENEWED_EARLY_SECONDS = 60.0
_DEFAULT_LIFETIME_SECONDS = 300.0
"""Applies if the OAuth server gives no `expires_in`, or one that is no number."""

Token: TypeAlias = Result[str, Refused | NotAnswered]


class AccessTokens(Protocol):
    """Gives a valid access token."""

    async def current(self) -> Token:
        """Give the token for a request."""
        ...

    async def instead_of(self, rejected: str) -> Token:
        """Give another token than one that the service rejects, or the same if there is no other."""
        ...


class ReadyAccessToken(AccessTokens):
    """A token that the operator supplies. It is not renewed."""

    def __init__(self, text: str) -> None:
        """Take the token."""
        self._text = text

    async def current(self) -> Token:
        """Give the token."""
        return Success(self._text)

    async def instead_of(self, rejected: str) -> Token:  # noqa: ARG002 - there is no other
        """Give the token."""
        return Success(self._text)


class TokenRequest(Struct, frozen=True):
    """The client credentials grant of https://www.rfc-editor.org/rfc/rfc6749#section-4.4 .

    Auth0 wants to know the `audience`, and servers of https://www.rfc-editor.org/rfc/rfc8707 the `resources`.
    """

    url: str
    scope: str = ""
    audience: str = ""
    resources: Sequence[str] = ()

    @property
    def form(self) -> Mapping[str, str | Sequence[str]]:
        """The form of a token request."""
        optional = {"scope": self.scope, "audience": self.audience, "resource": self.resources}
        given = {name: value for name, value in optional.items() if value}
        return {"grant_type": "client_credentials", **given}


class _Granted(Confidential, frozen=True):
    access_token: str
    expires_in: float | str | None = None

    @property
    def lifetime_seconds(self) -> float:
        """The lifetime, which some servers write as text, or as nothing."""
        match self.expires_in:
            case float(seconds):
                return max(seconds, 0.0)
            case str(text) if text.strip().isascii() and text.strip().isdigit():
                return float(text)
            case _:
                return _DEFAULT_LIFETIME_SECONDS


class _Error(Struct, frozen=True):
    """The error of https://www.rfc-editor.org/rfc/rfc6749#section-5.2 ."""

    error: str = ""
    error_description: str = ""


class RenewedAccessTokens(AccessTokens):
    """Gets tokens by client credentials, and renews each before it expires."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        request: TokenRequest,
        authentication: ClientAuthentication,
        monotonic: Callable[[], float],
    ) -> None:
        """Take an HTTP client and a clock in seconds that never goes back."""
        self._client = client
        self._request = request
        self._authentication = authentication
        self._monotonic = monotonic
        self._token = ""
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()

    async def current(self) -> Token:
        """Give the token. Get a new one first if there is none or it expires soon."""
        async with self._renewing:
            if self._token and self._monotonic() < self._renew_at:
                return Success(self._token)
            return await self._renewed()

    async def instead_of(self, rejected: str) -> Token:
        """Give the current token, or get a new one if it is the rejected one."""
        async with self._renewing:
            return Success(self._token) if self._token != rejected else await self._renewed()

    async def _renewed(self) -> Token:
        asked_at = self._monotonic()
        url = self._request.url
        try:
            response = await self._client.post(
                url,
                data={**self._request.form, **self._authentication.fields()},
                auth=self._authentication.basic() or httpx.USE_CLIENT_DEFAULT,
                extensions={**SMALL},
            )
        except httpx.HTTPError as error:
            return Failure(_not_acted(no_answer(error, url)))
        if response.status_code in TRANSIENT:
            problem = f"{url}: the OAuth server answers with status {response.status_code}"
            return Failure(NotAnswered(problem, retry_after_seconds(response), may_have_acted=False))
        try:
            granted = json.decode(response.content.removeprefix(BOM_UTF8), type=_Granted)
        except DecodeError:
            return Failure(Refused(f"{url}: {self._problem(response)}"))
        if not is_access_token(granted.access_token):
            return Failure(Refused(f"{url}: the access token has characters that no request can carry"))
        self._token = granted.access_token
        # a token of less than two minutes is renewed after half of its lifetime
        early = min(_RENEWED_EARLY_SECONDS, granted.lifetime_seconds / 2)
        self._renew_at = asked_at + granted.lifetime_seconds - early
        return Success(self._token)

    def _problem(self, response: httpx.Response) -> str:
        """Say what the OAuth server refuses, and which options to check."""
        try:
            refused = json.decode(response.content, type=_Error)
        except DecodeError:
            refused = _Error()
        unknown = refused.error == "invalid_client" or response.status_code == httpx.codes.UNAUTHORIZED
        to_check = self._authentication.to_check if unknown else _TO_CHECK.get(refused.error, "--token-url")
        what = f"{response.status_code} {printable(refused.error)}".strip()
        said = refused.error_description
        if response.has_redirect_location:
            said = said or f"it redirects to {response.headers['Location']}"
        said = f" ({printable(said)})" if said else ""
        return f"the OAuth server gives no access token: {what}: check {to_check}{said}"


_TO_CHECK = {
    "invalid_scope": "--scope",
    "invalid_target": "--audience and --resource",
    "access_denied": "--scope, --audience and --resource",
    "invalid_request": "--token-url, --audience and --resource",
    "unauthorized_client": "--client-id, which may not use the grant client_credentials",
}
"""The options that may be wrong, by the error that the OAuth server gives."""


def is_access_token(text: str) -> bool:
    """Return whether a header can carry the token."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _not_acted(problem: Refused | NotAnswered) -> Refused | NotAnswered:
    """Say that the service has done nothing: only the OAuth server was asked."""
    if isinstance(problem, Refused):
        return problem
    return NotAnswered(problem.problem, problem.retry_after_seconds, may_have_acted=False)
