"""Builds access tokens. They are genuine, except in what a test changes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from tests.integration.oauth.token_keys import TokenKey, base64url, key

Members: TypeAlias = dict[str, object]

NOW = datetime(2027, 1, 1, 9, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://login.example/realm"
AUDIENCE = "https://invitations.example/fhir"


def changed(members: Members, changes: Mapping[str, object]) -> Members:
    """Change the members; `None` takes one away."""
    return {name: value for name, value in {**members, **changes}.items() if value is not None}


def claims(**changes: object) -> Members:
    return changed(
        {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "subject",
            "client_id": "hospital-a",
            "iat": SECONDS - 60,
            "nbf": SECONDS - 60,
            "exp": SECONDS + 240,
            "jti": "A-_Uhm",
            "scope": "system/Organization.write system/Patient.read",
        },
        changes,
    )


def segment(content: object) -> str:
    """Encode as is if it is bytes, else as JSON."""
    return base64url(content if isinstance(content, bytes) else json.dumps(content).encode())


def token(signer: TokenKey | None = None, payload: object = None, **header: object) -> str:
    """Sign the claims; keyword arguments change the header."""
    signer = signer or key()
    parameters = changed({"alg": signer.algorithm, "kid": signer.kid, "typ": "at+jwt"}, header)
    return signed(signer, parameters, claims() if payload is None else payload)


def signed(signer: TokenKey, header: object, payload: object) -> str:
    """Sign whatever it is."""
    message = f"{segment(header)}.{segment(payload)}"
    return f"{message}.{base64url(signer.sign(message.encode()))}"
