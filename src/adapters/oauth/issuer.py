"""What an issuer publishes about itself: its signing keys and endpoints."""

import asyncio
import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from adapters.oauth.cached_signing_keys import DEFAULT_LIMITS, KeyCacheLimits
from adapters.oauth.http_documents import DocumentUnusable, HttpDocuments, require_http_url
from adapters.oauth.key_sources import JwksFile, JwksUrl, KeySource
from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable


class IssuerDescription(Protocol):
    """A place where the issuer says how tokens are had. Constructing one opens nothing."""

    async def describe(self) -> AuthorisationServer | None:
        """Tell how tokens are had; None where the issuer is not to be asked. Raises `Unavailable`.

        `CachedAuthorisationServer` bounds the time that this may take.
        """
        ...

    async def aclose(self) -> None:
        """Close what asking has opened."""
        ...


class UndescribedIssuer(IssuerDescription):
    """Stands where a key set replaces the issuer's metadata: the issuer is never asked."""

    async def describe(self) -> None:
        """Tell nothing."""

    async def aclose(self) -> None:
        """Close nothing."""


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


def configured_issuer_description(issuer: str, jwks: str) -> IssuerDescription:
    """Give the source of what is told of the issuer. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, which replaces the issuer's metadata, or empty.
    """
    return UndescribedIssuer() if jwks else IssuerMetadata(issuer)


def configured_key_source(issuer: str, jwks: str) -> KeySource:
    """Give the source of the issuer's keys. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, or empty: then the issuer's metadata gives the keys.
    """
    if not jwks:
        return IssuerMetadata(issuer)
    if jwks.lower().startswith(("http://", "https://")):
        return JwksUrl(jwks)
    return JwksFile(Path(jwks))


_LOG = logging.getLogger(__name__)

_MOST_WAITING = 8
"""How many wait for an answer at once: each takes a place of those who have an access token."""


class CachedAuthorisationServer(AuthorisationServerRepository):
    """Keeps the last description that the issuer gave.

    Anybody may ask for it, so the issuer is asked by one at a time, and at most once in a floor interval.
    While it does not answer, the description at hand stays in use, for a bounded time. Few wait for its
    answer; the others are told what is at hand.
    """

    def __init__(
        self,
        description: IssuerDescription,
        monotonic: Callable[[], float],
        limits: KeyCacheLimits = DEFAULT_LIMITS,
    ) -> None:
        """Ask nothing yet. `monotonic` gives seconds that never run backwards, as `time.monotonic` does."""
        self._description = description
        self._monotonic = monotonic
        self._limits = limits
        self._server: AuthorisationServer | None = None
        self._ask_from = self._use_until = -math.inf
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def look_up(self) -> AuthorisationServer | None:
        """Describe the server, if it may be asked, in `fetch_timeout` at most. Raises `Unavailable`."""
        if self._waiting < _MOST_WAITING:
            self._waiting += 1
            try:
                await self._refresh()
            finally:
                self._waiting -= 1
        if self._monotonic() >= self._use_until:
            raise Unavailable("the issuer's metadata cannot be had")
        return self._server

    async def _refresh(self) -> None:
        async with self._one_at_a_time:
            now = self._monotonic()
            if now >= self._ask_from:
                await self._ask(now)

    async def _ask(self, now: float) -> None:
        try:
            async with asyncio.timeout(self._limits.fetch_timeout):
                self._server = await self._description.describe()
        except (TimeoutError, Unavailable) as error:
            self._ask_from = now + self._limits.floor
            _LOG.warning("issuer metadata not refreshed: %s", str(error) or "no answer in time")
        else:
            self._ask_from = now + self._limits.lifetime
            self._use_until = self._ask_from + self._limits.stale
