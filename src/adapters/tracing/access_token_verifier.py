"""The span of verifying an access token."""

from returns.result import Result

from adapters.tracing.part_spans import PartSpans
from application.ports.access_token_verifier import AccessTokenRejection, AccessTokenVerifier
from domain.caller import Caller


class TracedAccessTokenVerifier(AccessTokenVerifier):
    """Verifies as another does."""

    def __init__(self, verifier: AccessTokenVerifier, spans: PartSpans) -> None:
        """Ask `verifier`."""
        self._verifier = verifier
        self._spans = spans

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller."""
        with self._spans.part("verify"):
            return await self._verifier.verify(access_token)
