"""The names that occur in a file, however large."""

from collections.abc import Hashable

_BITS = 1 << 27
"""So 16 MiB: of a million names that occur once, 4,000 are taken for repeated ones."""


class SeenNames:
    """Remembers names in little memory; takes a few for seen that are not."""

    def __init__(self) -> None:
        """Remember none yet."""
        self._bits = bytearray(_BITS // 8)

    def add(self, name: Hashable) -> bool:
        """Remember a name; say whether it was seen before."""
        index = hash(name) % _BITS
        seen = self._bits[index >> 3] & 1 << (index & 7)
        self._bits[index >> 3] |= 1 << (index & 7)
        return bool(seen)

    def __contains__(self, name: Hashable) -> bool:
        """Say whether a name was seen."""
        index = hash(name) % _BITS
        return bool(self._bits[index >> 3] & 1 << (index & 7))
