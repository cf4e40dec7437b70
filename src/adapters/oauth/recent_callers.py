"""Who has been authenticated a moment ago."""

from domain.caller import Caller


class RecentCallers:
    """Callers by the digest of their access token, each for a time of its own, and no more than so many.

    Times are in seconds of a clock that never runs backwards.
    """

    def __init__(self, most: int) -> None:
        """Hold nobody yet."""
        self._most = most
        self._callers: dict[bytes, tuple[Caller, float]] = {}

    def find(self, digest: bytes, now: float) -> Caller | None:
        """Give the caller whose time has not run out."""
        caller, until = self._callers.get(digest, (None, now))
        return caller if now < until else None

    def keep(self, digest: bytes, caller: Caller, until: float) -> None:
        """Hold a caller until then; where there is no room, whoever has been held longest goes."""
        self._callers.pop(digest, None)
        if len(self._callers) >= self._most:
            del self._callers[next(iter(self._callers))]
        self._callers[digest] = caller, until
