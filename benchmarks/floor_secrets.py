"""Draws codes and tokens by rule 5 of the operation."""

from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


class Drawn(NamedTuple):
    """A code, a token, and their digests."""

    code: str
    token: str
    code_digest: bytes
    token_digest: bytes


class FloorSecrets:
    """Derives by HMAC-SHA-256, under a key for each purpose."""

    def __init__(self) -> None:
        """Draw the keys."""
        self._derivation, self._code, self._token = (HMAC(token_bytes(32), SHA256()) for _ in range(3))

    def draw(self, request_id: UUID, patients: list[UUID]) -> list[Drawn]:
        """Draw for all patients of a request."""
        of_request = self._derivation.copy()
        of_request.update(request_id.bytes)
        drawn = []
        for patient in patients:
            mac = of_request.copy()
            mac.update(patient.bytes)
            bits = mac.finalize()
            code, token = _text(bits), _text(bits[8:])
            code_mac, token_mac = self._code.copy(), self._token.copy()
            code_mac.update(code.encode())
            token_mac.update(token.encode())
            drawn.append(Drawn(code, token, code_mac.finalize(), token_mac.finalize()))
        return drawn


def _text(digest: bytes) -> str:
    bits = int.from_bytes(digest[:7]) >> 6
    return "".join([_PAIRS[(bits >> shift) & 0x3FF] for shift in (40, 30, 20, 10, 0)])
