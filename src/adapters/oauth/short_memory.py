"""What was found out a moment ago about an access token, so that it need not be found out again."""

from typing import Generic, TypeVar

Finding = TypeVar("Finding")


class ShortMemory(Generic[Finding]):
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
