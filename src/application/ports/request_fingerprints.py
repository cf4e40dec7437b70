"""The port to fingerprints of requests."""

from collections.abc import Sequence
from typing import Protocol

from returns.result import Result

from application.ports.token_generator import KeyGone
from domain.idempotency import Fingerprint
from domain.requested_identifiers import RequestedIdentifier


class RequestFingerprints(Protocol):
    """Tells requests apart without keeping what is in them."""

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        ...

    def take_under(
        self, key_id: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyGone]:
        """Take the fingerprint as it was taken when another key signed."""
        ...
