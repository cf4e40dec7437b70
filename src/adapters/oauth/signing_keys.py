"""The keys that an issuer signs its access tokens with."""

from collections.abc import Sequence

import msgspec
from joserfc.jwk import Key

from adapters.oauth.issuer_unavailable import DocumentUnusable
from adapters.oauth.json_web_key import SigningKey, read_signing_key


class _JsonWebKeySet(msgspec.Struct):
    """https://www.rfc-editor.org/rfc/rfc7517#section-5 ."""

    keys: list[msgspec.Raw]


class SigningKeys:
    """The usable keys of a published key set, at least one."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Index the keys by id and algorithm; where two share both, the first one counts."""
        self._ids = frozenset(key.kid for key in keys)
        self._only = keys[0] if len(keys) == 1 else None
        self._by_name = {
            (key.kid, algorithm): key.key for key in reversed(keys) for algorithm in key.algorithms
        }

    @classmethod
    def read(cls, document: bytes) -> "SigningKeys":
        """Read a JSON Web Key Set. Raises `DocumentUnusable` when it holds no usable key."""
        try:
            key_set = msgspec.json.decode(document, type=_JsonWebKeySet)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("the key set cannot be read") from error
        keys = [key for key in map(read_signing_key, key_set.keys) if key is not None]
        if not keys:
            raise DocumentUnusable("the key set holds no usable key")
        return cls(keys)

    def knows(self, kid: str | None) -> bool:
        """Tell whether the id is a key's. A token without an id names no key that could be missing."""
        return kid is None or kid in self._ids

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """Give the key that a token's header names: without an id, the only key of a set of one."""
        if kid is not None:
            return self._by_name.get((kid, algorithm))
        if self._only is None or algorithm not in self._only.algorithms:
            return None
        return self._only.key
