"""The names that occur in a file, however large."""

from collections.abc import Hashable

_BITS = 1 << 27
"""So 16 MiB."""

_MASK = _BITS - 1
_SHIFTS = (0, 12, 24, 36)
"""Four bits a name: in one of six files of a million names, one name is wrongly taken for seen."""


class SeenNames:
    """Remembers names in little memory; may take a few for seen that are not (a Bloom filter)."""

    def __init__(self) -> None:
        """Remember none yet."""
        self._bits = bytearray(_BITS // 8)

    def add(self, name: Hashable) -> bool:
        """Remember a name; say whether it was seen before."""
        bits, hashed, seen = self._bits, hash(name), 1
        for shift in _SHIFTS:
            index = hashed >> shift & _MASK
            byte = bits[index >> 3]
            seen &= byte >> (index & 7)
            bits[index >> 3] = byte | 1 << (index & 7)
        return bool(seen)

    def __contains__(self, name: Hashable) -> bool:
        """Say whether a name was seen."""
        indices = (hash(name) >> shift & _MASK for shift in _SHIFTS)
        return all(self._bits[index >> 3] >> (index & 7) & 1 for index in indices)
