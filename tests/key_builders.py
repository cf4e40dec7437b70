"""Keys for tests."""

import base64
import hmac

from adapters.keys.key_ring import KeyRing


def a_key(letter: str = "a", size: int = 32) -> str:
    """Give a key of so many equal bytes, in base64."""
    return base64.b64encode(letter.encode() * size).decode()


def a_key_ring(*entries: str) -> KeyRing:
    return KeyRing.parse(",".join(entries or (f"first:{a_key()}",)))


def digested(text: str, purpose: str, letter: str = "a") -> bytes:
    """Digest a text under the key of that letter, without the product's own code."""
    purpose_key = hmac.digest(letter.encode() * 32, f"invitation-tokens/{purpose}".encode(), "sha256")
    return hmac.digest(purpose_key, text.encode(), "sha256")
