"""The names that occur in a file, however large."""

from collections.abc import Hashable
from mmap import mmap

_WORDS = 1 << 22
"""Of 64 bits each, so 32 MiB."""

_LAST_WORD = _WORDS - 1
_TWO_BITS = [1 << (number & 63) | 1 << (number >> 6) for number in range(1 << 12)]
_LAST_TWO_BITS = len(_TWO_BITS) - 1


class SeenNames:
    """Remembers names in little memory; may take a few for seen that are not (a Bloom filter).

    A name is four bits of one word. Of a million names about one is wrongly taken for seen, of ten million
    about 5,000.
    """

    def __init__(self) -> None:
        """Remember none yet."""
        # the system gives memory for the pages alone that are written: few for a small file
        self._words = memoryview(mmap(-1, 8 * _WORDS)).cast("Q")

    def add(self, name: Hashable) -> bool:
        """Remember a name; say whether it was seen before."""
        hashed = hash(name)
        bits = _TWO_BITS[hashed >> 22 & _LAST_TWO_BITS] | _TWO_BITS[hashed >> 34 & _LAST_TWO_BITS]
        position = hashed & _LAST_WORD
        word = self._words[position]
        if word & bits == bits:
            return True
        self._words[position] = word | bits
        return False

    def __contains__(self, name: Hashable) -> bool:
        """Say whether a name was seen."""
        hashed = hash(name)
        bits = _TWO_BITS[hashed >> 22 & _LAST_TWO_BITS] | _TWO_BITS[hashed >> 34 & _LAST_TWO_BITS]
        return self._words[hashed & _LAST_WORD] & bits == bits
