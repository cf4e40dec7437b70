"""Digests the identifiers of requests by HMAC-SHA-256."""

from collections.abc import Sequence

from msgspec import json
from returns.result import Failure, Result, Success

from adapters.keys.key_ring import Key, KeyRing
from application.ports.invitations import KeyRetired, RequestFingerprints
from domain.idempotency import Fingerprint
from domain.identifiers import RequestedIdentifier


class HmacRequestFingerprints(RequestFingerprints):
    """Digests the identifiers under a labelled key, without which numbers cannot be tried out."""

    def __init__(self, keys: KeyRing) -> None:
        """Sign by the first key of the ring."""
        self._signing = keys.signing_key
        self._keys = {key.id: key for key in keys.keys}

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        return _fingerprint(self._signing, identifiers)

    def take_under(
        self, key_id: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint under a key that may no longer sign."""
        key = self._keys.get(key_id)
        return Failure(KeyRetired()) if key is None else Success(_fingerprint(key, identifiers))


def _fingerprint(key: Key, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
    keyed = key.labelled("request-fingerprint")
    keyed.update(json.encode([(each.system, each.value) for each in identifiers]))
    return Fingerprint(key.id, keyed.finalize())
