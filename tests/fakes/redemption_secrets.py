"""Digests of typed codes and tokens, and claims that a test can foresee."""

from collections.abc import Sequence
from itertools import count

from application.ports.redemption import DrawnClaim, RedemptionSecrets, TypedDigests
from domain.redemption import CLAIM_BYTES, claim_text
from tests.fakes.token_generator import hashed


class HashingRedemptionSecrets(RedemptionSecrets):
    """Hashes as `HashingTokenGenerator` does; `keys` are as those of it. Claims are numbered."""

    def __init__(self, keys: Sequence[str] = ("fake",)) -> None:
        self._keys = keys
        self._numbers = count(1)

    def digests(self, code: str, token: str) -> TypedDigests:
        return TypedDigests(
            dict.fromkeys(self._keys, hashed("code digest", code)),
            dict.fromkeys(self._keys, hashed("token digest", token)),
        )

    def draw_claim(self) -> DrawnClaim:
        claim = claim_text(hashed("draw claim", str(next(self._numbers)))[:CLAIM_BYTES])
        return DrawnClaim(claim, hashed(f"claim digest under {self._keys[0]}", claim))

    def claim_digests(self, claim: str) -> Sequence[bytes]:
        return [hashed(f"claim digest under {key}", claim) for key in self._keys]
