"""Documents read over HTTP from the authorisation server."""

import httpx

from adapters.oauth.key_server_unavailable import KeyDocumentUnusable, KeyServerUnavailable
from adapters.oauth.key_source import MAX_DOCUMENT_BYTES

_ASK_FOR = {
    "Accept": "application/jwk-set+json, application/json",
    "Accept-Encoding": "identity",  # so that the size on the wire is the size in memory
}
_LAST_PORT = 65_535
_PATIENCE = 1.5
"""Seconds to connect, to agree on encryption, or to wait for the next bytes.

Less than `KeyCacheLimits.fetch_timeout`, which bounds a whole fetch, but works by cancelling: the library
closes a connection whose encryption is not agreed on in time, yet leaves it open when that is cancelled.
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

    Redirects are refused: the operator, or the issuer's metadata, says where the keys are, and nobody else.
    Proxies and certificates are found through the usual environment variables
    (https://www.python-httpx.org/environment_variables/).
    """

    def __init__(self) -> None:
        """Open nothing."""
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: httpx.URL) -> bytes:
        """Read the document; `CachedSigningKeys` limits the time that all of it may take.

        Raises `KeyServerUnavailable` when there is no answer, and `KeyDocumentUnusable` when the answer
        is not a document of a bearable size with status 200.
        """
        try:
            async with self._opened().stream("GET", url) as response:
                return await _read(response)
        except (httpx.HTTPError, OSError) as error:  # OSError: the certificates cannot be read
            raise KeyServerUnavailable(f"no answer from the key server: {type(error).__name__}") from error

    async def aclose(self) -> None:
        """Close the connections, if any was opened."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(headers=_ASK_FOR, timeout=_PATIENCE, follow_redirects=False)
        return self._client


async def _read(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise KeyDocumentUnusable(f"the key server answers with status {response.status_code}")
    document = bytearray()
    async for chunk in response.aiter_raw():
        document += chunk
        if len(document) > MAX_DOCUMENT_BYTES:
            raise KeyDocumentUnusable("the key server's document is too large")
    return bytes(document)
