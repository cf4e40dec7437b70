"""The contract of `AccessTokenVerifier`.

The consumer supplies the fixtures `verifier` and `presented`: access tokens by the names `genuine`,
`expired`, `not-ours` and `malformed`. The genuine one is the mail house's, with the scopes `one` and `two`.
"""

from collections.abc import Mapping

import pytest
from returns.result import Failure, Success

from application.ports.access import AccessTokenExpired, AccessTokenInvalid, AccessTokenVerifier
from domain.access import Caller
from tests.builders import CLIENT


class AccessTokenVerifierContract:
    async def test_a_genuine_token_gives_the_client_and_its_scopes(
        self, verifier: AccessTokenVerifier, presented: Mapping[str, str]
    ) -> None:
        verified = await verifier.verify(presented["genuine"])

        assert verified == Success(Caller(CLIENT, frozenset({"one", "two"})))

    async def test_an_expired_token_is_rejected_as_expired(
        self, verifier: AccessTokenVerifier, presented: Mapping[str, str]
    ) -> None:
        assert await verifier.verify(presented["expired"]) == Failure(AccessTokenExpired())

    @pytest.mark.parametrize("name", ["not-ours", "malformed"])
    async def test_any_other_token_is_invalid(
        self, verifier: AccessTokenVerifier, presented: Mapping[str, str], name: str
    ) -> None:
        assert await verifier.verify(presented[name]) == Failure(AccessTokenInvalid())

    async def test_no_token_at_all_is_invalid(self, verifier: AccessTokenVerifier) -> None:
        assert await verifier.verify("") == Failure(AccessTokenInvalid())
