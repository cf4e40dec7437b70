"""The signature algorithms that access tokens may use."""

from joserfc.jwa import JWSAlgModel
from joserfc.jws import JWSRegistry

ALGORITHMS_BY_KEY = {
    ("RSA", None): frozenset({"RS256", "PS256"}),
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("OKP", "Ed25519"): frozenset({"Ed25519", "EdDSA"}),
}
"""What a key may be used for, by its type and curve. Neither `none` nor anything symmetric is among it:
https://www.rfc-editor.org/rfc/rfc8725#section-3.1 and #section-3.2 ."""

ALGORITHMS = frozenset[str]().union(*ALGORITHMS_BY_KEY.values())


class SignatureAlgorithms(JWSRegistry):
    """joserfc's registry, closed to the algorithms above."""

    max_header_length = 4096
    """Characters of base64: 512, the library's limit, is short for a header that brings its certificates."""
    max_signature_length = 2048
    """Characters of base64: 1024, the library's limit, is short for an RSA key of 8192 bits."""

    def __init__(self) -> None:
        """Ignore header parameters nobody knows: https://www.rfc-editor.org/rfc/rfc7515#section-4 ."""
        super().__init__(algorithms=ALGORITHMS, strict_check_header=False)

    def get_alg(self, name: str) -> JWSAlgModel:
        """Give the algorithm. `EdDSA`, for which the library warns at each use, is here only ever Ed25519."""
        if name == "EdDSA":
            return self.algorithms[name]
        return super().get_alg(name)
