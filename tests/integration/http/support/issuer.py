"""An OAuth server, as far as a resource server sees it: a published key, and tokens signed with it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from msgspec import json

ISSUER = "https://login.test.invalid"
AUDIENCE = "https://invitations.test.invalid/fhir"
SCOPE = "system/Organization.write"
STATUS_SCOPE = "system/Patient.read"
REDEEM_SCOPE = "system/Patient.write"
CLIENT_ID = "letters-by-post"
PORTAL_ID = "patient-portal"

_ALGORITHM = "ES256"


class Issuer:
    """Signs access tokens. They are valid, except in what a test changes."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "the-key"})

    def publish(self, jwks: Path) -> None:
        jwks.write_bytes(json.encode(KeySet([self._key]).as_dict(private=False)))

    def portal_token(self, **changes: object) -> str:
        """Sign a token of the portal, likewise."""
        return self.access_token(
            **{"client_id": PORTAL_ID, "sub": PORTAL_ID, "scope": REDEEM_SCOPE, **changes}
        )

    def access_token(self, **changes: object) -> str:
        """Sign a token; keyword arguments change its claims, `None` takes one away."""
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "sub": CLIENT_ID,
            "client_id": CLIENT_ID,
            "aud": AUDIENCE,
            "scope": f"{SCOPE} {STATUS_SCOPE}",
            "iat": now - timedelta(minutes=5),
            "exp": now + timedelta(hours=1),
            **changes,
        }
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(
            header, {name: value for name, value in claims.items() if value is not None}, self._key
        )
