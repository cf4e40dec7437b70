"""A stand-in for the organisation's OAuth server: one key, and access tokens signed with it."""

from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from msgspec import json

ISSUER = "https://issuer.demo.invalid"
CLIENT_ID = "demo-mail-house"

_ALGORITHM = "ES256"
_LIFETIME = timedelta(hours=8)


class Issuer:
    """Signs access tokens that the service accepts, because it reads this issuer's public key."""

    def __init__(self) -> None:
        """Make a new key."""
        self._key = ECKey.generate_key("P-256", auto_kid=True)

    def publish(self, jwks: Path) -> None:
        """Write the public key as a key set."""
        jwks.write_bytes(json.encode(KeySet([self._key]).as_dict(private=False)))

    def access_token(self, audience: str, scope: str, issued_at: datetime) -> str:
        """Sign an access token for the demo's client.

        Source: https://www.rfc-editor.org/rfc/rfc9068#section-2
        """
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        claims = {
            "iss": ISSUER,
            "sub": CLIENT_ID,
            "client_id": CLIENT_ID,
            "aud": audience,
            "scope": scope,
            "iat": issued_at,
            "exp": issued_at + _LIFETIME,
        }
        return jwt.encode(header, claims, self._key)
