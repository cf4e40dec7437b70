"""What was found out a moment ago, so that not every call asks again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from application.ports.access import OrganisationGrants
from domain.access import Grant

Finding = TypeVar("Finding")


class TtlCache(Generic[Finding]):
    """Findings by the digest of an access token, each for a time of its own, and no more than so many.

    Times are in seconds of a clock that never runs backwards.
    """

    def __init__(self, most: int) -> None:
        """Remember nothing yet."""
        self._most = most
        self._findings: dict[bytes, tuple[Finding, float]] = {}

    def find(self, digest: bytes, now: float) -> Finding | None:
        """Give the finding whose time has not run out."""
        finding, until = self._findings.get(digest, (None, now))
        return finding if now < until else None

    def keep(self, digest: bytes, finding: Finding, until: float) -> None:
        """Remember a finding until then; where there is no room, what was found first is forgotten."""
        self._findings.pop(digest, None)
        if len(self._findings) >= self._most:
            del self._findings[next(iter(self._findings))]
        self._findings[digest] = finding, until


LIFETIME_SECONDS = 3.0
"""How long a grant that was revoked may still count; callers are promised 5 seconds."""

_MOST = 10_000


class CachedGrants(OrganisationGrants):
    """Remembers for a short time that a grant stands, never that it does not."""

    def __init__(
        self, grants: OrganisationGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` tells seconds, only ever forward."""
        self._grants = grants
        self._monotonic = monotonic
        self._seconds = seconds
        self._until: dict[Grant, float] = {}

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands, or stood a moment ago."""
        now = self._monotonic()
        if now < self._until.get(grant, now):
            return True
        stands = await self._grants.includes(grant)
        if stands:
            self._keep(grant, now + self._seconds)
        return stands

    def _keep(self, grant: Grant, until: float) -> None:
        self._until.pop(grant, None)
        if len(self._until) >= _MOST:
            del self._until[next(iter(self._until))]
        self._until[grant] = until
