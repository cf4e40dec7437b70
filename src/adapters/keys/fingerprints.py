"""Fingerprints of requests by HMAC-SHA-256."""

from collections.abc import Sequence

from msgspec import json
from returns.result import Failure, Result, Success

from adapters.keys.key_ring import Key, KeyRing
from application.ports.invitations import KeyRetired, RequestFingerprints
from domain.idempotency import Fingerprint
from domain.identifiers import RequestedIdentifier


class HmacRequestFingerprints(RequestFingerprints):
    """Digests the identifiers under a labelled key, so that nobody without it can try out numbers."""

    def __init__(self, keys: KeyRing) -> None:
        """Take the key ring whose first key signs."""
        self._signing = keys.signing_key
        self._keys = {key.id: key for key in keys.keys}

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        return _fingerprint(self._signing, identifiers)

    def take_under(
        self, key_id: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint as it was taken when another key signed."""
        key = self._keys.get(key_id)
        return Failure(KeyRetired()) if key is None else Success(_fingerprint(key, identifiers))


def _fingerprint(key: Key, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
    keyed = key.labelled("request-fingerprint")
    keyed.update(json.encode([(each.system, each.value) for each in identifiers]))
    return Fingerprint(key.id, keyed.finalize())
