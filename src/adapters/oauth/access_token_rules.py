"""What this service demands of an access token."""

from msgspec import Struct


class AccessTokenRules(Struct, frozen=True):
    """Whose tokens are taken, and for whom they must be meant."""

    issuer: str
    """Compared character by character with `iss`."""
    audience: str
    """Must be among `aud`."""
    require_at_jwt: bool = False
    """Insist on the type `at+jwt`; else `JWT`, or none, will do: not every issuer follows RFC 9068."""
    leeway_seconds: float = 30.0
    """How far the issuer's clock and ours may differ."""
