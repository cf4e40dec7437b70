"""Documents read over HTTP from the authorisation server."""

from collections.abc import Mapping

import httpx

from application.ports.system import Unavailable

MAX_DOCUMENT_BYTES = 262_144
"""Nothing that an issuer publishes or answers is larger: 256 KiB hold several hundred keys."""


class IssuerUnavailable(Unavailable):
    """What would tell a genuine access token from another cannot be had now: signing keys, or a verdict.

    The message is a fixed sentence for the operator's log; it holds nothing of any token.
    """


class DocumentUnusable(IssuerUnavailable):
    """There is an answer, but not the document that was asked for."""


_IDENTITY = {"Accept-Encoding": "identity"}
"""So that the size on the wire is the size in memory."""
_LAST_PORT = 65_535
_PATIENCE = 1.5
"""Seconds to connect, to agree on encryption, or to wait for the next bytes.

Less than `KeyCacheLimits.fetch_timeout` and `IntrospectionLimits.seconds`, which bound a whole exchange, but
work by cancelling: the library closes a connection whose encryption is not agreed on in time, yet leaves it
open when that is cancelled.
"""


def require_http_url(url: str) -> httpx.URL:
    """Read an absolute http or https URL. Raises `ValueError`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError("not a URL") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or (parsed.port or 0) > _LAST_PORT:
        raise ValueError("not an http or https URL")
    return parsed


class HttpDocuments:
    """Reads small documents. The HTTP client is made on the first read, inside the running event loop.

    Redirects are refused: the operator, or the issuer's metadata, says where to ask, and nobody else.
    Proxies and certificates are found through the usual environment variables
    (https://www.python-httpx.org/environment_variables/).
    """

    def __init__(self) -> None:
        """Open nothing."""
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: httpx.URL) -> bytes:
        """Read the document; the time that all of it may take is for the caller to limit.

        Raises `IssuerUnavailable` when there is no answer, and `DocumentUnusable` when the answer is not a
        document of a bearable size with status 200.
        """
        return await self._exchange("GET", url, accept="application/jwk-set+json, application/json")

    async def post(self, url: httpx.URL, form: Mapping[str, str], credentials: httpx.Auth) -> bytes:
        """Send a form, and read the JSON that answers it; limits and exceptions are those of `get`."""
        return await self._exchange("POST", url, "application/json", form, credentials)

    async def aclose(self) -> None:
        """Close the connections, if any was opened."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _exchange(
        self,
        method: str,
        url: httpx.URL,
        accept: str,
        form: Mapping[str, str] | None = None,
        credentials: httpx.Auth | None = None,
    ) -> bytes:
        headers = {"Accept": accept}
        try:
            async with self._opened().stream(
                method, url, data=form, auth=credentials, headers=headers
            ) as response:
                return await _read(response)
        except (httpx.HTTPError, OSError) as error:  # OSError: the certificates cannot be read
            raise IssuerUnavailable(f"no answer from the server: {type(error).__name__}") from error

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(headers=_IDENTITY, timeout=_PATIENCE, follow_redirects=False)
        return self._client


async def _read(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise DocumentUnusable(f"the server answers with status {response.status_code}")
    document = bytearray()
    async for chunk in response.aiter_raw():
        document += chunk
        if len(document) > MAX_DOCUMENT_BYTES:
            raise DocumentUnusable("the document is too large")
    return bytes(document)
