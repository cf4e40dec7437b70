"""What an issuer publishes about itself: where its signing keys are, and where tokens are had."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from adapters.oauth.http_documents import HttpDocuments, require_http_url
from adapters.oauth.issuer_description import IssuerDescription
from adapters.oauth.issuer_unavailable import DocumentUnusable
from adapters.oauth.key_source import KeySource
from application.ports.authorisation_server import AuthorisationServer

Read = TypeVar("Read")


class _Issuer(msgspec.Struct):
    """Members of https://www.rfc-editor.org/rfc/rfc8414#section-2 ."""

    issuer: str


class _Keys(_Issuer):
    jwks_uri: str


class _Endpoints(_Issuer):
    token_endpoint: str
    authorization_endpoint: str | None = None
    introspection_endpoint: str | None = None
    revocation_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


Metadata = TypeVar("Metadata", bound=_Issuer)


class IssuerMetadata(KeySource, IssuerDescription):
    """The key set that an issuer's metadata points to, and the other addresses in it.

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
        """Ask for the metadata, then for the keys. Raises `IssuerUnavailable`."""
        return await self._documents.get(await self._find(self._jwks_uri))

    async def describe(self) -> AuthorisationServer:
        """Ask for the metadata, and tell where tokens are had. Raises `IssuerUnavailable`."""
        return await self._find(self._authorisation_server)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    async def _find(self, read: Callable[[bytes], Read]) -> Read:
        reasons = []
        for location in self._locations:
            try:
                return read(await self._documents.get(location))
            except DocumentUnusable as error:
                reasons.append(str(error))
        raise DocumentUnusable("no issuer metadata: " + "; ".join(reasons))

    def _jwks_uri(self, document: bytes) -> httpx.URL:
        return self._address(self._decode(document, _Keys).jwks_uri)

    def _authorisation_server(self, document: bytes) -> AuthorisationServer:
        endpoints = self._decode(document, _Endpoints)
        addresses = (
            endpoints.token_endpoint,
            endpoints.authorization_endpoint,
            endpoints.introspection_endpoint,
            endpoints.revocation_endpoint,
        )
        for address in addresses:
            if address is not None:
                self._address(address)
        return AuthorisationServer(
            token_endpoint=endpoints.token_endpoint,
            authorization_endpoint=endpoints.authorization_endpoint,
            introspection_endpoint=endpoints.introspection_endpoint,
            revocation_endpoint=endpoints.revocation_endpoint,
            token_endpoint_auth_methods=endpoints.token_endpoint_auth_methods_supported,
        )

    def _decode(self, document: bytes, kind: type[Metadata]) -> Metadata:
        """Read members. The issuer must be the very one asked for (RFC 8414, section 3.3)."""
        try:
            metadata = msgspec.json.decode(document, type=kind)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("the issuer's metadata cannot be read") from error
        if metadata.issuer != self._issuer:
            raise DocumentUnusable("the metadata is another issuer's")
        return metadata

    def _address(self, text: str) -> httpx.URL:
        try:
            address = require_http_url(text)
        except ValueError as error:
            raise DocumentUnusable("the issuer's metadata cannot be read") from error
        if self._https_only and address.scheme != "https":
            raise DocumentUnusable("the metadata of an https issuer names an address without https")
        return address


def _metadata_locations(issuer: str) -> tuple[httpx.URL, httpx.URL]:
    parts = urlsplit(issuer)
    host, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    return (
        httpx.URL(f"{host}/.well-known/oauth-authorization-server{path}"),
        httpx.URL(f"{host}{path}/.well-known/openid-configuration"),
    )
