"""Reads the issuer's metadata: its signing keys and its endpoints."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from returns.result import Failure, Result, Success

from adapters.oauth.cached_signing_keys import KeyCacheLimits
from adapters.oauth.http_documents import (
    DocumentUnusable,
    HttpDocuments,
    IssuerUnavailable,
    require_http_url,
)
from adapters.oauth.key_sources import JwksFile, JwksUrl, KeySource
from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable
from domain.results import failed

_LOG = logging.getLogger(__name__)

_MAX_WAITING = 8
"""How many requests wait for the issuer at once: each holds a slot that an authenticated caller may need."""

_HEAD_START_SECONDS = 0.5
"""How long a location may take before the next one is asked too. A fetch has time for both, and the keys."""

_DESCRIPTION_LIMITS = KeyCacheLimits(lifetime=300.0)

Read = TypeVar("Read")


class IssuerDescription(Protocol):
    """Describes the issuer as an authorisation server. The constructor opens nothing."""

    async def describe(self) -> AuthorisationServer | None:
        """Describe the server, or return None if no metadata is configured. Raises `Unavailable`.

        `CachedAuthorisationServer` limits the time.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class UndescribedIssuer(IssuerDescription):
    """Replaces the issuer's metadata where a key set is configured. It never asks the issuer."""

    async def describe(self) -> None:
        """Return None."""

    async def aclose(self) -> None:
        """Do nothing: there are no connections."""


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
    """Reads the issuer's metadata, and the key set at its `jwks_uri`.

    Each fetch reads the metadata again, so an issuer may move its keys. The address follows
    https://www.rfc-editor.org/rfc/rfc8414#section-3 , or else
    https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig .
    """

    def __init__(self, issuer: str) -> None:
        """Open nothing. Raises `ValueError` if the issuer is no http(s) URL, or has a query or a fragment."""
        url = require_http_url(issuer)
        if url.query or url.fragment:
            raise ValueError("an issuer has neither query nor fragment")
        self._issuer = issuer
        self._https_only = url.scheme == "https"
        self._locations = _metadata_locations(issuer)
        self._documents = HttpDocuments()

    def changed(self) -> bool:
        """Return False: only a fetch shows whether the keys have changed."""
        return False

    async def fetch(self) -> bytes:
        """Read the metadata, then the keys. Raises `IssuerUnavailable`."""
        return await self._documents.get(await self._find(self._jwks_uri))

    async def describe(self) -> AuthorisationServer:
        """Read the endpoints in the metadata. Raises `IssuerUnavailable`."""
        return await self._find(self._authorisation_server)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    async def _find(self, read: Callable[[bytes], Read]) -> Read:
        """Read the metadata where it was found last, or else where a standard puts it.

        A location that hangs does not hide the other one: both are asked then, and the first answer counts.
        """
        asked: dict[asyncio.Task[Result[Read, str]], httpx.URL] = {}
        try:
            for location in self._locations:
                asked[asyncio.create_task(self._read_at(location, read))] = location
                is_last = len(asked) == len(self._locations)
                found = await _first_success(asked, None if is_last else _HEAD_START_SECONDS)
                if found is not None:
                    self._locations = sorted(self._locations, key=lambda each: each != asked[found])
                    return found.result().unwrap()
        finally:
            for task in asked:
                task.cancel()
            await asyncio.wait(asked)
        reasons = "; ".join(task.result().failure() for task in asked)
        raise IssuerUnavailable(f"no issuer metadata: {reasons}")

    async def _read_at(self, location: httpx.URL, read: Callable[[bytes], Read]) -> Result[Read, str]:
        try:
            return Success(read(await self._documents.get(location)))
        except IssuerUnavailable as error:
            return Failure(str(error))

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
        """Read members. `issuer` must equal the configured issuer (RFC 8414, section 3.3)."""
        try:
            metadata = msgspec.json.decode(document, type=kind)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("the issuer's metadata cannot be read") from error
        if metadata.issuer != self._issuer:
            raise DocumentUnusable("the metadata belongs to another issuer")
        return metadata

    def _address(self, text: str) -> httpx.URL:
        try:
            address = require_http_url(text)
        except ValueError as error:
            raise DocumentUnusable("the issuer's metadata cannot be read") from error
        if self._https_only and address.scheme != "https":
            raise DocumentUnusable("the metadata of an https issuer holds an address without https")
        return address


def _metadata_locations(issuer: str) -> Sequence[httpx.URL]:
    parts = urlsplit(issuer)
    host, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    return (
        httpx.URL(f"{host}/.well-known/oauth-authorization-server{path}"),
        httpx.URL(f"{host}{path}/.well-known/openid-configuration"),
    )


async def _first_success(
    asked: Iterable[asyncio.Task[Result[Read, str]]], seconds: float | None
) -> asyncio.Task[Result[Read, str]] | None:
    """Wait until one succeeds. Return None if all fail, or if the time is over."""
    pending = set(asked)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if not failed(task.result()):
                        return task
    return None


class CachedAuthorisationServer(AuthorisationServerRepository):
    """Caches the last description of the issuer.

    The description is public. To spare the issuer, one request at a time reads it, at most once in a floor
    interval. While the issuer does not answer, the cached description stays in use for a bounded time. Only
    a few requests wait for the issuer; the others get the cached description at once.
    """

    def __init__(
        self,
        description: IssuerDescription,
        monotonic: Callable[[], float],
        limits: KeyCacheLimits = _DESCRIPTION_LIMITS,
    ) -> None:
        """Ask nothing yet. `monotonic` is a clock such as `time.monotonic`."""
        self._description = description
        self._monotonic = monotonic
        self._limits = limits
        self._server: AuthorisationServer | None = None
        self._fresh_until = self._usable_until = -math.inf
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def look_up(self) -> AuthorisationServer | None:
        """Describe the server within `fetch_timeout`, or return None. Raises `Unavailable`."""
        if self._waiting < _MAX_WAITING:
            self._waiting += 1
            try:
                await self._refresh()
            finally:
                self._waiting -= 1
        if self._monotonic() >= self._usable_until:
            raise Unavailable("the issuer's metadata cannot be read")
        return self._server

    async def _refresh(self) -> None:
        async with self._one_at_a_time:
            now = self._monotonic()
            if now >= self._fresh_until:
                await self._ask(now)

    async def _ask(self, now: float) -> None:
        try:
            async with asyncio.timeout(self._limits.fetch_timeout):
                self._server = await self._description.describe()
        except (TimeoutError, Unavailable) as error:
            self._fresh_until = now + self._limits.floor
            _LOG.warning("issuer metadata not refreshed: %s", str(error) or "no answer in time")
        else:
            self._fresh_until = now + self._limits.lifetime
            self._usable_until = self._fresh_until + self._limits.stale


def configured_issuer_description(issuer: str, jwks: str) -> IssuerDescription:
    """Choose the description of the issuer. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, or empty. A key set replaces the issuer's metadata.
    """
    return UndescribedIssuer() if jwks else IssuerMetadata(issuer)


def configured_key_source(issuer: str, jwks: str) -> KeySource:
    """Choose the source of the issuer's keys. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, or empty. If it is empty, the keys come from the metadata.
    """
    if not jwks:
        return IssuerMetadata(issuer)
    if jwks.lower().startswith(("http://", "https://")):
        return JwksUrl(jwks)
    return JwksFile(Path(jwks))
