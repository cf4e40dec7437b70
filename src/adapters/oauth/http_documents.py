"""Reads documents from the authorisation server over HTTP."""

from codecs import BOM_UTF8
from collections.abc import Mapping

import httpx

from adapters.private_urls import is_private
from adapters.proxies import ProxiedTransport
from application.ports.system import Unavailable

MAX_DOCUMENT_BYTES = 262_144
"""The service reads no larger document: 256 KiB hold several hundred keys."""

_IDENTITY = {"Accept-Encoding": "identity"}
"""Without compression, the size on the wire is the size in memory."""

_LAST_PORT = 65_535

_STEP_SECONDS = 1.5
"""The time limit for the connection, for the TLS handshake, and for each wait for more bytes.

It must be shorter than `KeyCacheLimits.fetch_timeout` and `IntrospectionLimits.seconds`. Those cancel the
exchange, and httpx leaves a connection open if its TLS handshake is cancelled.
"""


class IssuerUnavailable(Unavailable):
    """The service cannot verify the access token now: it has no signing keys, or no introspection response.

    The message is a fixed sentence for the operator's log. It holds nothing from any token.
    """


class DocumentUnusable(IssuerUnavailable):
    """The server answered, but not with the expected document."""


def require_http_url(url: str) -> httpx.URL:
    """Read an absolute https URL, or an http URL of this machine. Raises `ValueError`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError("not a URL") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or (parsed.port or 0) > _LAST_PORT:
        raise ValueError("not an http or https URL")
    if not is_private(url):
        raise ValueError("http to another machine: keys could be forged and tokens read on their way")
    return parsed


class HttpDocuments:
    """Reads small documents. The first read creates the HTTP client, inside the running event loop.

    Redirects are refused: only the operator and the issuer's metadata choose the address.
    The usual environment variables set proxies and certificates.
    """

    def __init__(self) -> None:
        """Open nothing."""
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: httpx.URL) -> bytes:
        """Read a document. The caller limits the time of the whole exchange.

        Raises `IssuerUnavailable` if there is no answer, and `DocumentUnusable` if its status is not 200 or
        the document is too large.
        """
        return await self._exchange("GET", url, accept="application/jwk-set+json, application/json")

    async def post(self, url: httpx.URL, form: Mapping[str, str], credentials: httpx.Auth) -> bytes:
        """Send a form, and read the JSON answer, with the limits and exceptions of `get`."""
        return await self._exchange("POST", url, "application/json", form, credentials)

    async def aclose(self) -> None:
        """Close the connections, if any are open."""
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
            async with self._open_client().stream(
                method, url, data=form, auth=credentials, headers=headers
            ) as response:
                return await _read(response)
        except (httpx.HTTPError, OSError) as error:  # OSError: the certificates cannot be read
            raise IssuerUnavailable(f"no answer from the server: {type(error).__name__}") from error

    def _open_client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=ProxiedTransport(),
                headers=_IDENTITY,
                timeout=_STEP_SECONDS,
                follow_redirects=False,
            )
        return self._client


async def _read(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise DocumentUnusable(f"the server answers with status {response.status_code}")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise DocumentUnusable("the document is compressed, which was not asked for")
    document = bytearray()
    async for chunk in response.aiter_raw():
        document += chunk
        if len(document) > MAX_DOCUMENT_BYTES:
            raise DocumentUnusable("the document is too large")
    return without_byte_order_mark(document)


def without_byte_order_mark(document: bytes | bytearray) -> bytes:
    """Skip the mark, as readers may: https://www.rfc-editor.org/rfc/rfc8259#section-8.1 ."""
    return bytes(document).removeprefix(BOM_UTF8)
