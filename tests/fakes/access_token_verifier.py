"""A verifier of access tokens whose verdicts a test sets."""

from collections.abc import Mapping

from returns.result import Failure, Result

from application.ports.access import AccessTokenInvalid, AccessTokenRejection, AccessTokenVerifier
from domain.access import Caller


class KnownAccessTokens(AccessTokenVerifier):
    """Gives the verdict that a test has set for a token. Any other token is invalid."""

    def __init__(self, verdicts: Mapping[str, Result[Caller, AccessTokenRejection]]) -> None:
        self._verdicts = verdicts

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        return self._verdicts.get(access_token, Failure(AccessTokenInvalid()))
