"""The adapter keeps the contract of its port."""

from collections.abc import Mapping

import pytest

from tests.builders import CLIENT
from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.integration.oauth.tokens import SECONDS, claims, token


@pytest.fixture
def presented() -> Mapping[str, str]:
    return {
        "genuine": token(payload=claims(client_id=CLIENT, scope="one two")),
        "expired": token(payload=claims(client_id=CLIENT, exp=SECONDS - 3600)),
        "not-ours": token(payload=claims(client_id=CLIENT, aud="https://elsewhere.example")),
        "malformed": "not a token",
    }


class TestJwtAccessTokenVerifier(AccessTokenVerifierContract):
    pass
