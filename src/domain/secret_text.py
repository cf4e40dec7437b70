"""Secrets that people read and type: Crockford base 32."""

SECRET_LENGTH = 10
"""Characters; five bits each, so 50 bits."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_BYTES = 8
_SHIFTS = (54, 44, 34, 24, 14)


def secret_text(random_bytes: bytes) -> str:
    """Write the first 50 bits of `random_bytes` as ten characters without I, L, O and U.

    Every text is as likely as any other when every byte is. Raises ValueError for fewer than 8 bytes.
    Source: https://www.crockford.com/base32.html
    """
    if len(random_bytes) < _BYTES:
        raise ValueError("too few bytes to draw from")
    bits = int.from_bytes(random_bytes[:_BYTES])
    return "".join([_PAIRS[(bits >> shift) & 0x3FF] for shift in _SHIFTS])


def is_secret_text(text: str) -> bool:
    """Tell whether a text could be one that `secret_text` has written."""
    return len(text) == SECRET_LENGTH and {*text} <= {*_ALPHABET}
