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
        self._keys = keys

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        signing = self._keys.signing_key
        return _fingerprint(signing, signing.derivation, identifiers)

    def take_under(
        self, derivation: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint again that an earlier derivation named."""
        key, _way = self._keys.derivation(derivation)
        return Failure(KeyRetired()) if key is None else Success(_fingerprint(key, derivation, identifiers))


def _fingerprint(key: Key, derivation: str, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
    keyed = key.labelled("request-fingerprint")
    keyed.update(json.encode([(each.system, each.value) for each in identifiers]))
    return Fingerprint(derivation, keyed.finalize())
