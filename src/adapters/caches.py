"""Caches whose entries live for a short time."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from application.ports.access import OrganisationGrants, RedemptionGrants
from domain.access import Grant, RedemptionGrant

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
"""How long a revoked grant may still count; the documentation promises 3 seconds."""

_MOST = 10_000


class _SeenGrants(Generic[G]):
    """Remembers for a short time that a grant exists."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._until: dict[G, float] = {}

    async def has(self, grant: G, look_up: Callable[[G], Awaitable[bool]]) -> bool:
        now = self._monotonic()
        if now < self._until.get(grant, now):
            return True
        stands = await look_up(grant)
        if stands:
            self._keep(grant, now + self._seconds)
        return stands

    def _keep(self, grant: G, until: float) -> None:
        self._until.pop(grant, None)
        if len(self._until) >= _MOST:
            del self._until[next(iter(self._until))]
        self._until[grant] = until


class CachedGrants(OrganisationGrants):
    """Caches for a short time that a grant exists, never that it does not."""

    def __init__(
        self, grants: OrganisationGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` gives seconds."""
        self._grants = grants
        self._seen: _SeenGrants[Grant] = _SeenGrants(monotonic, seconds)

    async def includes(self, grant: Grant) -> bool:
        """Return whether the grant exists, or existed a moment ago."""
        return await self._seen.has(grant, self._grants.includes)


class CachedRedemptionGrants(RedemptionGrants):
    """Caches the grants of portals in the same way."""

    def __init__(
        self, grants: RedemptionGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` gives seconds."""
        self._grants = grants
        self._seen: _SeenGrants[RedemptionGrant] = _SeenGrants(monotonic, seconds)

    async def includes(self, grant: RedemptionGrant) -> bool:
        """Return whether the grant exists, or existed a moment ago."""
        return await self._seen.has(grant, self._grants.includes)
