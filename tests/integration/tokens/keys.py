"""Keys for tests."""

import base64

from adapters.tokens.key_ring import KeyRing


def a_key(letter: str = "a", size: int = 32) -> str:
    """Give a key of so many equal bytes, in base64."""
    return base64.b64encode(letter.encode() * size).decode()


def a_key_ring(*entries: str) -> KeyRing:
    return KeyRing.parse(",".join(entries or (f"first:{a_key()}",)))
