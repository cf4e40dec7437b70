"""The signing keys at hand, so that not every token costs a question to the key server."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Literal, TypeAlias

from joserfc.jwk import Key
from msgspec import Struct

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.key_sources import KeySource
from adapters.oauth.signing_keys import SigningKeys

_LOG = logging.getLogger(__name__)


Tell: TypeAlias = Callable[[Literal["succeeded", "failed"]], None]
"""Is told how each fetch ended."""


class KeyCacheLimits(Struct, frozen=True):
    """How long keys are kept, and how often and how long the key server is asked. In seconds."""

    lifetime: float = 300.0
    stale: float = 3600.0
    """How long keys outlive their lifetime while there are no newer ones to be had."""
    floor: float = 10.0
    """The least time between two fetches, so that forged key ids cannot wear the key server out."""
    fetch_timeout: float = 2.0


_STRANGERS = 50
"""How many callers with an unheard-of key id wait for a fetch at once: anybody can make such ids up."""

DEFAULT_LIMITS = KeyCacheLimits()


class CachedSigningKeys:
    """Keeps the last good keys of a source.

    - Callers that need a fetch at the same time share one; a caller that goes away does not end it.
    - Keys past their lifetime, or an unheard-of key id, cause a fetch, at most one in a floor interval.
    - While the source fails, the keys at hand stay in use, for a bounded time; after that nobody is trusted.
    """

    def __init__(
        self,
        source: KeySource,
        monotonic: Callable[[], float],
        limits: KeyCacheLimits = DEFAULT_LIMITS,
        tell: Tell = lambda _outcome: None,
    ) -> None:
        """Fetch nothing yet. `monotonic` gives seconds that never run backwards, as `time.monotonic` does."""
        self._source = source
        self._monotonic = monotonic
        self._limits = limits
        self._tell = tell
        self._keys: SigningKeys | None = None
        self._fresh_until = self._asked_at = -math.inf
        self._source_fails = False
        self._strangers = 0
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """Give the key, or `None` when no such key is published.

        Raises `IssuerUnavailable` when that cannot be told, after `fetch_timeout` at the latest.
        """
        now = self._monotonic()
        changed = self._source.changed()
        if changed or now >= self._fresh_until:
            await self._refresh(now, at_once=changed)
        if not self._usable(now).knows(kid):
            await self._refresh_for_stranger(now)
            if self._source_fails and not self._usable(now).knows(kid):
                raise IssuerUnavailable("a key id is unknown while newer keys cannot be had")
        return self._usable(now).find(kid, algorithm)

    async def aclose(self) -> None:
        """End a fetch under way, and close what the source has opened."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})
        await self._source.aclose()

    def _usable(self, now: float) -> SigningKeys:
        if self._keys is None or now >= self._fresh_until + self._limits.stale:
            raise IssuerUnavailable("there are no signing keys at hand")
        return self._keys

    async def _refresh_for_stranger(self, now: float) -> None:
        if self._strangers >= _STRANGERS:
            raise IssuerUnavailable("too many unknown key ids at once")
        self._strangers += 1
        try:
            await self._refresh(now)
        finally:
            self._strangers -= 1

    async def _refresh(self, now: float, *, at_once: bool = False) -> None:
        """Join the fetch under way, or start one unless the last one was a moment ago."""
        if self._fetching is None or self._fetching.done():
            if now - self._asked_at < self._limits.floor and not at_once:
                return
            self._asked_at = now
            self._fetching = asyncio.create_task(self._fetch(now))
        fetching = self._fetching
        await asyncio.wait({fetching})  # unlike awaiting the task, this leaves it alone when cancelled
        if not fetching.cancelled():
            fetching.result()  # raises only what is a bug

    async def _fetch(self, now: float) -> None:
        try:
            async with asyncio.timeout(self._limits.fetch_timeout):
                keys = SigningKeys.read(await self._source.fetch())
        except TimeoutError:
            self._note_failure("no answer in time")
        except IssuerUnavailable as error:
            self._note_failure(str(error))
        else:
            self._keys, self._source_fails = keys, False
            self._fresh_until = now + self._limits.lifetime
            self._tell("succeeded")

    def _note_failure(self, reason: str) -> None:
        self._source_fails = True
        self._tell("failed")
        _LOG.warning("signing keys not refreshed: %s", reason)
