"""Verifies access tokens by asking the issuer (RFC 7662), which opaque tokens need."""

import asyncio
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import TypeAlias
from urllib.parse import quote_plus

import httpx
import msgspec
from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from adapters.caches import TtlCache
from adapters.oauth.claims import AccessTokenRules, TokenClaims
from adapters.oauth.http_documents import DocumentUnusable, HttpDocuments, IssuerUnavailable
from adapters.oauth.jwt import is_bearer_token
from application.ports.access import AccessTokenInvalid, AccessTokenRejection, AccessTokenVerifier
from application.ports.system import Clock
from domain.access import Caller
from domain.confidential import Confidential


class ClientSecret(Confidential, frozen=True):
    """The password of an OAuth client: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""

    text: str


class _State(Struct):
    """The only member of the answer that must be there."""

    active: bool


class IntrospectedClaims(TokenClaims, kw_only=True):
    """The claims of an active token.

    `iss` and `exp` may be missing, for the issuer answers itself and says that the token is active now. `aud`
    may not: without it nobody says that the token is meant for this service, as
    https://www.rfc-editor.org/rfc/rfc7662#section-4 wants it checked.
    """

    token_type: str | UnsetType = UNSET
    """Must be Bearer: other types, if an issuer names them, are refresh tokens, or are bound to a key."""

    @classmethod
    def read(cls, answer: bytes) -> Result["IntrospectedClaims", AccessTokenInvalid]:
        """Read the claims, if the token is active and may be used by whoever bears it.

        Raises `DocumentUnusable` when the answer is not what the standard says.
        """
        try:
            if not msgspec.json.decode(answer, type=_State).active:
                return Failure(AccessTokenInvalid())
            claims = msgspec.json.decode(answer, type=cls)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("what the server says of a token cannot be read") from error
        if isinstance(claims.token_type, str) and claims.token_type.lower() != "bearer":
            return Failure(AccessTokenInvalid())
        return Success(claims)


class IntrospectionEndpoint:
    """A server of https://www.rfc-editor.org/rfc/rfc7662 , and this service as a client of it."""

    def __init__(self, url: str, client_id: str, client_secret: ClientSecret) -> None:
        """Take the endpoint and the credentials. Opens nothing."""
        self._url = url
        self._client_id = client_id
        self._client_secret = client_secret
        self._documents = HttpDocuments()

    async def ask(self, access_token: str) -> bytes:
        """Ask what the token is, and give the answer as it comes. Raises `IssuerUnavailable`.

        The token goes into the body and not into the URL, which servers log:
        https://www.rfc-editor.org/rfc/rfc7662#section-2.1 .
        """
        form = {"token": access_token, "token_type_hint": "access_token"}
        return await self._documents.post(httpx.URL(self._url), form, self._credentials())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    def _credentials(self) -> httpx.BasicAuth:
        """Write id and secret as https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 has it."""
        return httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._client_secret.text))


_LOG = logging.getLogger(__name__)

_Verdict: TypeAlias = Result[Caller, AccessTokenRejection]


class IntrospectionLimits(Struct, frozen=True):
    """How long an answer counts, in seconds, and how much the issuer is asked."""

    lifetime: float = 30.0
    """A token that is revoked may work for so long."""
    answers: int = 4096
    """How many answers are kept."""
    questions: int = 50
    """How many tokens are asked about at once: anybody can make tokens up."""
    seconds: float = 2.0
    """How long a question may take."""


DEFAULT_LIMITS = IntrospectionLimits()


class IntrospectionAccessTokenVerifier(AccessTokenVerifier):
    """Trusts what the issuer says of a token: https://www.rfc-editor.org/rfc/rfc7662 .

    - An answer counts for a bounded time, and never beyond the token's expiry; only good news are kept, so a
      token that is not active yet works as soon as it is.
    - Callers with the same token share a question; a caller that goes away does not end it.
    - While the issuer is of no help, nobody is let in but those it has just vouched for.

    Nothing of a token is logged, or kept but its digest.
    """

    def __init__(
        self,
        endpoint: IntrospectionEndpoint,
        clock: Clock,
        monotonic: Callable[[], float],
        rules: AccessTokenRules,
        limits: IntrospectionLimits = DEFAULT_LIMITS,
    ) -> None:
        """Ask nothing yet. `monotonic` gives seconds that never run backwards, as `time.monotonic` does."""
        self._endpoint = endpoint
        self._clock = clock
        self._monotonic = monotonic
        self._rules = rules
        self._limits = limits
        self._recent = TtlCache[Caller](limits.answers)
        self._asking: dict[bytes, asyncio.Task[_Verdict]] = {}

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` without an answer to judge by."""
        if not is_bearer_token(access_token):
            return Failure(AccessTokenInvalid())
        digest = sha256(access_token.encode()).digest()
        caller = self._recent.find(digest, self._monotonic())
        if caller is not None:
            return Success(caller)
        asking = self._asking.get(digest) or self._ask(digest, access_token)
        await asyncio.wait({asking})  # unlike awaiting the task, this leaves it alone when cancelled
        if asking.cancelled():
            raise IssuerUnavailable("the service is being stopped")
        return asking.result()

    async def aclose(self) -> None:
        """End the questions under way, and close the connections."""
        for asking in (under_way := set(self._asking.values())):
            asking.cancel()
        if under_way:
            await asyncio.wait(under_way)
        await self._endpoint.aclose()

    def _ask(self, digest: bytes, access_token: str) -> "asyncio.Task[_Verdict]":
        if len(self._asking) >= self._limits.questions:
            raise IssuerUnavailable("too many access tokens to ask about at once")
        asking = asyncio.create_task(self._introspect(digest, access_token))
        self._asking[digest] = asking
        asking.add_done_callback(lambda answered: self._settle(digest, answered))
        return asking

    async def _introspect(self, digest: bytes, access_token: str) -> _Verdict:
        asked_at = self._monotonic()
        try:
            async with asyncio.timeout(self._limits.seconds):
                read = IntrospectedClaims.read(await self._endpoint.ask(access_token))
        except TimeoutError:
            raise IssuerUnavailable("no answer in time") from None
        if isinstance(read, Failure):
            return Failure(read.failure())
        claims = read.unwrap()
        now = self._clock.instant().timestamp()
        verified = claims.judge(self._rules, now)
        if isinstance(verified, Success):
            lifetime = min(self._limits.lifetime, claims.exp - now)
            self._recent.keep(digest, verified.unwrap(), asked_at + lifetime)
        return verified

    def _settle(self, digest: bytes, asked: "asyncio.Task[_Verdict]") -> None:
        del self._asking[digest]
        if not asked.cancelled() and isinstance(error := asked.exception(), IssuerUnavailable):
            _LOG.warning("access token not introspected: %s", error)
