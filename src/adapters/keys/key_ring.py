"""The key ring, from which codes, tokens and digests are derived."""

import base64
import re
from collections.abc import Mapping
from hmac import digest
from secrets import token_bytes

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from msgspec import Struct

from domain.confidential import Confidential

MINIMUM_KEY_BYTES = 32
"""The output of SHA-256: a shorter key would weaken HMAC (https://www.rfc-editor.org/rfc/rfc2104#section-3)."""

FIRST_DERIVATION, CURRENT_DERIVATION = "1", "2"
"""The ways of deriving codes. Idempotency records name theirs behind the key's id, unless it is the first."""

# no key id contains it, so a release that does not know a derivation does not find the key either
_SEPARATOR = "/"
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Key(Confidential, frozen=True):
    """A secret of at least `MINIMUM_KEY_BYTES` bytes, and the id that is stored beside its digests."""

    id: str
    secret: bytes

    @classmethod
    def draw(cls, key_id: str) -> "Key":
        """Draw a new secret. Raises ValueError for an id that a key ring cannot hold."""
        if not _KEY_ID.fullmatch(key_id):
            raise ValueError("a key's id is 1 to 64 letters, digits, '.', '_' and '-'")
        return cls(key_id, token_bytes(MINIMUM_KEY_BYTES))

    def written_out(self) -> str:
        """Write id and secret in the format that `KeyRing.parse` reads."""
        return f"{self.id}:{base64.b64encode(self.secret).decode()}"

    @property
    def derivation(self) -> str:
        """The name of the key, and of the way in which codes are derived under it now."""
        return f"{self.id}{_SEPARATOR}{CURRENT_DERIVATION}"

    def labelled(self, label: str) -> HMAC:
        """Give HMAC-SHA-256 under a key of its own for one purpose, to be copied for each message."""
        purpose = digest(self.secret, f"invitation-tokens/{label}".encode(), "sha256")
        # this library is twice as fast as Python's, and a request of 500 patients needs 2,000 digests
        return HMAC(purpose, SHA256())


class KeyRing(Struct, frozen=True):
    """The keys in use: the first one signs, the others recognise what they signed before."""

    keys: tuple[Key, ...]

    @property
    def signing_key(self) -> Key:
        """The key for new codes and tokens."""
        return self.keys[0]

    @property
    def check_values(self) -> Mapping[str, bytes]:
        """By key id, a digest that differs between any two keys and says nothing of them."""
        return {key.id: key.labelled("check-value").finalize() for key in self.keys}

    def derivation(self, name: str) -> tuple[Key | None, str]:
        """Give the key and the way of deriving that a name stands for, or no key if it has left the ring."""
        key_id, named, way = name.partition(_SEPARATOR)
        return next((key for key in self.keys if key.id == key_id), None), way if named else FIRST_DERIVATION

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read `id:base64[,id:base64...]`. Raises ValueError, whose message shows no key."""
        keys = tuple(_parse_key(number, entry) for number, entry in enumerate(text.split(","), start=1))
        if len({key.id for key in keys}) < len(keys):
            raise ValueError("has two keys of the same id")
        if len({key.secret for key in keys}) < len(keys):
            raise ValueError("has the same key under two ids")
        return cls(keys)


def _parse_key(number: int, entry: str) -> Key:
    # a problem names the key by its number, as the secret may have been put before the colon
    key_id, colon, encoded = entry.strip().partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise ValueError(
            "must be written id:base64[,id:base64...], each id in letters, digits, '.', '_' and '-'"
        )
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(f"has a key, number {number}, that is not base64") from None
    if len(secret) < MINIMUM_KEY_BYTES:
        raise ValueError(f"has a key, number {number}, shorter than {MINIMUM_KEY_BYTES} bytes")
    if not any(secret):
        raise ValueError(f"has a key, number {number}, of zeros alone")
    return Key(key_id, secret)
