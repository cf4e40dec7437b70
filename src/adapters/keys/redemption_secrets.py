"""Digests what callers present for redemption by HMAC-SHA-256, and draws claims."""

from collections.abc import Sequence
from secrets import token_bytes

from cryptography.hazmat.primitives.hmac import HMAC

from adapters.keys.key_ring import KeyRing
from application.ports.redemption import DrawnClaim, RedemptionSecrets, TypedDigests
from domain.redemption import CLAIM_BYTES, claim_text


class HmacRedemptionSecrets(RedemptionSecrets):
    """Digests codes and tokens as `HmacTokenGenerator` does, and claims under a labelled key of their own."""

    def __init__(self, keys: KeyRing) -> None:
        """Sign by the first key of the ring."""
        self._codes = {key.id: key.labelled("code-digest") for key in keys.keys}
        self._tokens = {key.id: key.labelled("token-digest") for key in keys.keys}
        self._claims = {key.id: key.labelled("claim-digest") for key in keys.keys}
        self._signing = self._claims[keys.signing_key.id]

    def digests(self, code: str, token: str) -> TypedDigests:
        """Digest a code and a token, whatever they hold."""
        return TypedDigests(
            {key_id: _digest(keyed, code) for key_id, keyed in self._codes.items()},
            {key_id: _digest(keyed, token) for key_id, keyed in self._tokens.items()},
        )

    def draw_claim(self) -> DrawnClaim:
        """Draw a claim from the operating system's source of randomness."""
        claim = claim_text(token_bytes(CLAIM_BYTES))
        return DrawnClaim(claim, _digest(self._signing, claim))

    def claim_digests(self, claim: str) -> Sequence[bytes]:
        """Digest a claim under each key of the ring."""
        return [_digest(keyed, claim) for keyed in self._claims.values()]


def _digest(keyed: HMAC, text: str) -> bytes:
    mac = keyed.copy()
    # JSON lets half a surrogate pair through, which UTF-8 does not
    mac.update(text.encode(errors="surrogatepass"))
    return mac.finalize()
