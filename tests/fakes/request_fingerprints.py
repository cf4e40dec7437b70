"""Fingerprints that a test can foresee."""

from collections.abc import Sequence
from hashlib import sha256

from returns.result import Failure, Result, Success

from application.ports.invitations import KeyRetired, RequestFingerprints
from domain.idempotency import Fingerprint
from domain.identifiers import RequestedIdentifier


class HashingRequestFingerprints(RequestFingerprints):
    """Hashes the identifiers; `keys` are as those of `HashingTokenGenerator`."""

    def __init__(self, keys: Sequence[str] = ("fake",)) -> None:
        self._keys = keys

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        return _fingerprint(self._keys[0], identifiers)

    def take_under(
        self, derivation: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        if derivation not in self._keys:
            return Failure(KeyRetired())
        return Success(_fingerprint(derivation, identifiers))


def _fingerprint(derivation: str, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
    source = repr((derivation, [(each.system, each.value) for each in identifiers]))
    return Fingerprint(derivation, sha256(source.encode()).digest())
