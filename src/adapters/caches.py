"""Caches whose entries live for a short time."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from application.ports.access import OrganisationGrants, RedemptionGrants
from domain.access import Grant, GrantTerms, RedemptionGrant

Finding = TypeVar("Finding")
G = TypeVar("G", Grant, RedemptionGrant)


class TtlCache(Generic[Finding]):
    """A bounded cache by the digest of an access token; each entry has its own lifetime.

    Times are in seconds of a monotonic clock.
    """

    def __init__(self, most: int) -> None:
        """Keep `most` entries at most."""
        self._most = most
        self._findings: dict[bytes, tuple[Finding, float]] = {}

    def find(self, digest: bytes, now: float) -> Finding | None:
        """Return the value that has not expired."""
        finding, until = self._findings.get(digest, (None, now))
        return finding if now < until else None

    def keep(self, digest: bytes, finding: Finding, until: float) -> None:
        """Keep a value until then; the oldest one is dropped if the cache is full."""
        self._findings.pop(digest, None)
        if len(self._findings) >= self._most:
            del self._findings[next(iter(self._findings))]
        self._findings[digest] = finding, until


LIFETIME_SECONDS = 3.0
"""How long a revoked grant, or one for a disabled organisation, may still count.

The documentation promises 3 seconds.
"""

_MOST = 10_000


class _FoundGrants(Generic[G, Finding]):
    """Remembers for a short time what was found of a grant, unless nothing was."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._found: dict[G, tuple[Finding, float]] = {}

    async def find(self, grant: G, look_up: Callable[[G], Awaitable[Finding]]) -> Finding:
        now = self._monotonic()
        found = self._found.get(grant)
        if found is not None and now < found[1]:
            return found[0]
        finding = await look_up(grant)
        if finding:
            self._keep(grant, finding, now + self._seconds)
        return finding

    def _keep(self, grant: G, finding: Finding, until: float) -> None:
        self._found.pop(grant, None)
        if len(self._found) >= _MOST:
            del self._found[next(iter(self._found))]
        self._found[grant] = finding, until


class CachedGrants(OrganisationGrants):
    """Caches for a short time that a grant exists, never that it does not."""

    def __init__(
        self, grants: OrganisationGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` gives seconds."""
        self._grants = grants
        self._found: _FoundGrants[Grant, GrantTerms | None] = _FoundGrants(monotonic, seconds)

    async def terms(self, grant: Grant) -> GrantTerms | None:
        """Return the terms of a grant that exists, or existed a moment ago."""
        return await self._found.find(grant, self._grants.terms)


class CachedRedemptionGrants(RedemptionGrants):
    """Caches the grants of portals in the same way."""

    def __init__(
        self, grants: RedemptionGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` gives seconds."""
        self._grants = grants
        self._found: _FoundGrants[RedemptionGrant, bool] = _FoundGrants(monotonic, seconds)

    async def includes(self, grant: RedemptionGrant) -> bool:
        """Return whether the grant exists, or existed a moment ago."""
        return await self._found.find(grant, self._grants.includes)
