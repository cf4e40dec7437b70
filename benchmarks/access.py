"""The access token of the callers, and the settings with which a service accepts it."""

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from adapters.system import SystemClock
from entrypoints.demo.service import ISSUER, Issuer

ORGANISATION = "235a397b-1ae8-4755-9c77-1a0e2fbc5314"
BASE_URL = "https://invitations.benchmark.invalid/fhir"
_SCOPES = "system/Organization.write system/Patient.read system/Patient.write"


class Access(Struct, frozen=True):
    """An access token, and the settings of the services that accept it."""

    token: str
    settings: Mapping[str, str]

    def settings_on(self, database_url: str) -> Mapping[str, str]:
        """Give the environment of a service on a database."""
        return {**self.settings, "INVITATIONS_DATABASE_URL": database_url}


def grant_access(directory: Path) -> Access:
    """Make an issuer, a key ring and an access token."""
    issuer, jwks = Issuer(), directory / "jwks.json"
    issuer.publish(jwks)
    settings = {
        "INVITATIONS_BASE_URL": BASE_URL,
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": str(jwks),
        "INVITATIONS_TOKEN_KEYS": f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    return Access(issuer.access_token(BASE_URL, _SCOPES, SystemClock().instant()), settings)
