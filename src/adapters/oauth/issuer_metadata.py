"""Signing keys of an issuer, found through its metadata."""

from urllib.parse import urlsplit

import httpx
import msgspec

from adapters.oauth.http_documents import HttpDocuments, require_http_url
from adapters.oauth.key_server_unavailable import KeyDocumentUnusable
from adapters.oauth.key_source import KeySource


class _Metadata(msgspec.Struct):
    """The two members that matter: https://www.rfc-editor.org/rfc/rfc8414#section-2 ."""

    issuer: str
    jwks_uri: str


class IssuerMetadata(KeySource):
    """The key set that an issuer's metadata points to.

    The metadata is asked for anew with every fetch, so an issuer may move its keys. It is found as
    https://www.rfc-editor.org/rfc/rfc8414#section-3 says, or else as
    https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig says.
    """

    def __init__(self, issuer: str) -> None:
        """Take the issuer. Raises `ValueError` if it is no http(s) URL, or has a query or a fragment."""
        url = require_http_url(issuer)
        if url.query or url.fragment:
            raise ValueError("an issuer has neither query nor fragment")
        self._issuer = issuer
        self._https_only = url.scheme == "https"
        self._locations = _metadata_locations(issuer)
        self._documents = HttpDocuments()

    def changed(self) -> bool:
        """Tell nothing: only a fetch shows what a server publishes."""
        return False

    async def fetch(self) -> bytes:
        """Ask for the metadata, then for the keys. Raises `KeyServerUnavailable`."""
        return await self._documents.get(await self._jwks_uri())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    async def _jwks_uri(self) -> httpx.URL:
        reasons = []
        for location in self._locations:
            try:
                return self._read(await self._documents.get(location))
            except KeyDocumentUnusable as error:
                reasons.append(str(error))
        raise KeyDocumentUnusable("no issuer metadata: " + "; ".join(reasons))

    def _read(self, document: bytes) -> httpx.URL:
        """Take the address of the keys. The issuer must be the very one asked for (RFC 8414, section 3.3)."""
        try:
            metadata = msgspec.json.decode(document, type=_Metadata)
            jwks_uri = require_http_url(metadata.jwks_uri)
        except (ValueError, RecursionError) as error:
            raise KeyDocumentUnusable("the issuer's metadata cannot be read") from error
        if metadata.issuer != self._issuer:
            raise KeyDocumentUnusable("the metadata is another issuer's")
        if self._https_only and jwks_uri.scheme != "https":
            raise KeyDocumentUnusable("the metadata of an https issuer names keys without https")
        return jwks_uri


def _metadata_locations(issuer: str) -> tuple[httpx.URL, httpx.URL]:
    parts = urlsplit(issuer)
    host, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    return (
        httpx.URL(f"{host}/.well-known/oauth-authorization-server{path}"),
        httpx.URL(f"{host}{path}/.well-known/openid-configuration"),
    )
