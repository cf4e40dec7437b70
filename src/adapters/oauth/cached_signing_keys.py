"""Caches the issuer's signing keys, so that the service fetches them once for many tokens."""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from joserfc.jwk import Key
from msgspec import Struct

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.key_sources import KeySource
from adapters.oauth.signing_keys import SigningKeys

_LOG = logging.getLogger(__name__)


_MAX_WAITING_WITH_UNKNOWN_ID = 50
"""Anyone can invent key ids, so only this many of their callers wait for a fetch at once."""

OnFetch: TypeAlias = Callable[[Literal["succeeded", "failed"]], None]
"""Receives the outcome of each fetch."""


class KeyCacheLimits(Struct, frozen=True):
    """How long keys stay in the cache, and how the key server is spared. All values are seconds."""

    lifetime: float = 30.0
    """How long keys stay in use without a fetch. A key that the issuer withdraws may work that long."""
    stale: float = 3600.0
    """How long keys stay in use after their lifetime while the key server gives no newer ones."""
    floor: float = 10.0
    """The shortest time between two fetches, so that forged key ids cannot overload the key server."""
    fetch_timeout: float = 2.0


DEFAULT_LIMITS = KeyCacheLimits()


class CachedSigningKeys:
    """Caches the last usable keys of a source.

    - Callers that need a fetch at the same time share one. A caller that hangs up does not end it.
    - Keys past their lifetime and unknown key ids cause a fetch, at most one in a floor interval.
    - While the source fails, the cached keys stay in use for a bounded time. Then no token is accepted.
    """

    def __init__(
        self,
        source: KeySource,
        monotonic: Callable[[], float],
        limits: KeyCacheLimits = DEFAULT_LIMITS,
        on_fetch: OnFetch = lambda _outcome: None,
    ) -> None:
        """Fetch nothing yet. `monotonic` is a clock such as `time.monotonic`."""
        self._source = source
        self._monotonic = monotonic
        self._limits = limits
        self._on_fetch = on_fetch
        self._keys: SigningKeys | None = None
        self._document = b""
        self._fresh_until = self._fetched_at = -math.inf
        self._source_fails = False
        self._waiting_with_unknown_id = 0
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Sequence[Key]:
        """Find the keys that may have signed a token; none if the issuer publishes no such key.

        Raises `IssuerUnavailable`, after `fetch_timeout` at the latest, if the cache cannot decide.
        """
        now = self._monotonic()
        changed = self._source.changed()
        if changed or now >= self._fresh_until:
            await self._refresh(now, at_once=changed)
        if not self._usable(now).knows(kid):
            await self._refresh_for_unknown_id(now)
            if self._source_fails and not self._usable(now).knows(kid):
                raise IssuerUnavailable("the key id is unknown, and newer keys cannot be fetched")
        return self._usable(now).find(kid, algorithm)

    async def aclose(self) -> None:
        """Cancel a running fetch, and close the source."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})
        await self._source.aclose()

    def _usable(self, now: float) -> SigningKeys:
        if self._keys is None or now >= self._fresh_until + self._limits.stale:
            raise IssuerUnavailable("no usable signing keys are cached")
        return self._keys

    async def _refresh_for_unknown_id(self, now: float) -> None:
        if self._waiting_with_unknown_id >= _MAX_WAITING_WITH_UNKNOWN_ID:
            raise IssuerUnavailable("too many unknown key ids at once")
        self._waiting_with_unknown_id += 1
        try:
            await self._refresh(now)
        finally:
            self._waiting_with_unknown_id -= 1

    async def _refresh(self, now: float, *, at_once: bool = False) -> None:
        """Join the running fetch, or start one unless the last one began within the floor interval."""
        if self._fetching is None or self._fetching.done():
            if now - self._fetched_at < self._limits.floor and not at_once:
                return
            self._fetched_at = now
            self._fetching = asyncio.create_task(self._fetch(now))
        fetching = self._fetching
        await asyncio.wait({fetching})  # a cancelled caller does not cancel the task, as `await` would
        if not fetching.cancelled():
            fetching.result()  # raises only if there is a bug

    async def _fetch(self, now: float) -> None:
        try:
            async with asyncio.timeout(self._limits.fetch_timeout):
                keys = self._read(await self._source.fetch())
        except TimeoutError:
            self._record_failure("no answer in time")
        except IssuerUnavailable as error:
            self._record_failure(str(error))
        else:
            self._keys, self._source_fails = keys, False
            self._fresh_until = now + self._limits.lifetime
            self._on_fetch("succeeded")

    def _read(self, document: bytes) -> SigningKeys:
        """Read a key set. The same document gives the same keys, so verified signatures stay valid."""
        if self._keys is not None and document == self._document:
            return self._keys
        keys = SigningKeys.read(document)
        if keys.is_empty:
            _LOG.warning("the issuer publishes no usable signing key: no access token is accepted")
        self._document = document
        return keys

    def _record_failure(self, reason: str) -> None:
        self._source_fails = True
        self._on_fetch("failed")
        _LOG.warning("signing keys not refreshed: %s", reason)
