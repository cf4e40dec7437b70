"""Generate the secrets of compose.yaml once, in the directory of the argument."""  # noqa: INP001 - a stand-alone script

import base64
import json
import os
import secrets
import sys
from pathlib import Path


def _generated(base_url: str, issuer: str) -> dict[str, str]:
    database_password, mail_house, portal = (secrets.token_urlsafe() for _ in range(3))
    oauth_server = {
        "format": "jwt",
        "audiences": [base_url],
        "scopes": ["system/Organization.write", "system/Patient.read", "system/Patient.write"],
        "clients": {"mail-house": mail_house, "portal": portal},
        "metadata": "/.well-known/oauth-authorization-server",
        "host": "0.0.0.0",  # noqa: S104 - of its container, whose port is on the loopback address
        "port": 9000,
        "issuer": issuer,
    }
    return {
        "database-password": database_password,
        "database-url": f"postgresql+asyncpg://invitations:{database_password}@database/invitations",
        "mail-house": mail_house,
        "portal": portal,
        "oauth-server.json": json.dumps(oauth_server),
        "token-keys": f"sample:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


def main() -> None:
    """Write a file for each secret. All containers that mount the directory can read it."""
    directory = Path(sys.argv[1])
    if (directory / "token-keys").exists():
        return
    base_url, issuer = os.environ["INVITATIONS_BASE_URL"], os.environ["INVITATIONS_ISSUER"]
    for name, secret in _generated(base_url, issuer).items():
        (directory / name).write_text(secret)


if __name__ == "__main__":
    main()
