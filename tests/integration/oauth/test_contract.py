"""Both adapters fulfil the contract of their port."""

from collections.abc import Mapping

import pytest

from adapters.oauth.introspection import IntrospectionAccessTokenVerifier
from tests.builders import CLIENT
from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.integration.oauth.introspection import IntrospectionServer, active
from tests.integration.oauth.tokens import SECONDS, claims, token

EXPIRED = {"client_id": CLIENT, "exp": SECONDS - 3600}
NOT_OURS = {"client_id": CLIENT, "aud": "https://elsewhere.example"}


class TestJwtAccessTokenVerifier(AccessTokenVerifierContract):
    @pytest.fixture
    def presented(self) -> Mapping[str, str]:
        return {
            "genuine": token(payload=claims(client_id=CLIENT, scope="one two")),
            "expired": token(payload=claims(**EXPIRED)),
            "not-ours": token(payload=claims(**NOT_OURS)),
            "malformed": "not a token",
        }


class TestIntrospectionAccessTokenVerifier(AccessTokenVerifierContract):
    @pytest.fixture
    def presented(self, introspection_server: IntrospectionServer) -> Mapping[str, str]:
        introspection_server.said = {
            "genuine": active(client_id=CLIENT, scope="one two"),
            "expired": active(**EXPIRED),
            "not-ours": active(**NOT_OURS),
        }
        return {name: name for name in ("genuine", "expired", "not-ours")} | {"malformed": "not a token"}

    @pytest.fixture
    def verifier(self, introspection: IntrospectionAccessTokenVerifier) -> IntrospectionAccessTokenVerifier:
        return introspection
