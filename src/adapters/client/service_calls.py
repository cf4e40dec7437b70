"""Requests to the service, with FHIR over HTTP on behalf of an organisation."""

from collections.abc import Mapping

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.client.failures import TRANSIENT, no_answer, printable, retry_after_seconds
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.parameters import Parameters
from application.ports.mailing import NoAnswer, NotAnswered, RateLimited, Refused
from domain.results import failed

_MEDIA_TYPE = "application/fhir+json"


class RemoteAddress(Struct, frozen=True):
    """The FHIR address of the service, and the organisation to act for."""

    url: str
    organisation: str

    @property
    def canonical_url(self) -> str:
        """The URL in one spelling: host in small letters, no default port and no slash at the end."""
        return str(httpx.URL(self.url)).rstrip("/")


class ServiceCalls:
    """Sends requests of one operation with an access token."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        address: RemoteAddress,
        access_tokens: AccessTokens,
        operation: OperationDeclaration,
    ) -> None:
        """Call `operation` at `address` with an HTTP client."""
        self._client = client
        self._address = address
        self._access_tokens = access_tokens
        self._url = f"{address.url.rstrip('/')}/{operation.resource}/${operation.code}"

    async def send(
        self, parameters: Parameters, headers: Mapping[str, str]
    ) -> Result[httpx.Response, NoAnswer]:
        """Send one request with these headers besides the usual ones, and return its answer of success."""
        body = json.encode(parameters)
        token = await self._access_tokens.current()
        if failed(token):
            return Failure(token.failure())
        response = await self._post(token.unwrap(), body, headers)
        if not failed(response) and response.unwrap().status_code == httpx.codes.UNAUTHORIZED:
            # the token may have been revoked, or the server's clock may differ
            other = await self._access_tokens.instead_of(token.unwrap())
            if failed(other):
                return Failure(other.failure())
            if other.unwrap() != token.unwrap():
                response = await self._post(other.unwrap(), body, headers)
        return response.bind(lambda answer: _successful(answer, self._url))

    async def _post(
        self, token: str, body: bytes, headers: Mapping[str, str]
    ) -> Result[httpx.Response, NoAnswer]:
        usual = {
            "Authorization": f"Bearer {token}",
            "X-Org-Public-Id": self._address.organisation,
            "Content-Type": _MEDIA_TYPE,
            "Accept": _MEDIA_TYPE,
        }
        try:
            return Success(await self._client.post(self._url, content=body, headers={**usual, **headers}))
        except httpx.HTTPError as error:
            return Failure(no_answer(error, self._url))


MISFIT = Refused("the service gives an answer that does not fit the operation", may_have_acted=True)
"""The answer may come from another server, or from another release."""


def _successful(response: httpx.Response, url: str) -> Result[httpx.Response, NoAnswer]:
    """Return a response of success, or what another one means."""
    if response.status_code == httpx.codes.OK:
        return Success(response)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Failure(RateLimited(retry_after_seconds(response)))
    # with Retry-After, a request under the same key is in progress; without, its batch was revoked
    is_in_progress = response.status_code == httpx.codes.CONFLICT and "Retry-After" in response.headers
    if response.status_code in TRANSIENT or is_in_progress:
        problem = f"{url}: the service answers with status {response.status_code}"
        return Failure(NotAnswered(problem, retry_after_seconds(response)))
    return Failure(_refusal(response, url))


class _Issue(Struct, frozen=True):
    code: str = ""
    diagnostics: str = ""
    expression: list[str] = []
    location: list[str] = []


class _Outcome(Struct, frozen=True):
    """The readable part of an OperationOutcome. Other servers may use codes that ours does not."""

    issue: list[_Issue] = []


def _refusal(response: httpx.Response, url: str) -> Refused:
    """Give the status, and the text of the OperationOutcome; without one, it may be no service at all."""
    try:
        issues = json.decode(response.content, type=_Outcome).issue
    except (DecodeError, UnicodeDecodeError):
        issues = []
    elsewhere = f"redirects to {response.headers['Location']}" if response.has_redirect_location else ""
    words = "; ".join(filter(None, map(_words, issues)))
    words = words or f"{url} {elsewhere or 'gives no reason'}. Check --server."
    return Refused(printable(f"the service refuses with status {response.status_code}: {words}"))


def _words(issue: _Issue) -> str:
    paths = ", ".join([*issue.location, *issue.expression])
    said = f"{issue.code}: {issue.diagnostics}" if issue.diagnostics else issue.code
    return f"{said} [{paths}]" if paths else said
