"""What the issuer says of itself, at hand for whoever asks."""

import asyncio
import logging
import math
from collections.abc import Callable

from adapters.oauth.cached_signing_keys import DEFAULT_LIMITS, KeyCacheLimits
from adapters.oauth.issuer_description import IssuerDescription
from application.ports.authorisation_server import AuthorisationServer, AuthorisationServerDirectory
from application.ports.unavailable import Unavailable

_LOG = logging.getLogger(__name__)

_MOST_WAITING = 8
"""How many wait for an answer at once: each takes a place of those who have an access token."""


class CachedAuthorisationServer(AuthorisationServerDirectory):
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
