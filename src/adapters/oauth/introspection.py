"""Verifies opaque access tokens at the issuer's introspection endpoint (RFC 7662)."""

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
from adapters.oauth.claims import AccessTokenRules, Members, TokenClaims
from adapters.oauth.http_documents import DocumentUnusable, HttpDocuments, IssuerUnavailable
from adapters.oauth.jwt import is_bearer_token
from application.ports.access import AccessTokenInvalid, AccessTokenRejection, AccessTokenVerifier
from application.ports.system import Clock
from domain.access import Caller
from domain.confidential import Confidential
from domain.results import failed

_LOG = logging.getLogger(__name__)

_Verdict: TypeAlias = Result[Caller, AccessTokenRejection]


class ClientSecret(Confidential, frozen=True):
    """The password of an OAuth client: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""

    text: str


class _State(Struct):
    """The only required member of an introspection response."""

    active: bool


class IntrospectedClaims(TokenClaims, kw_only=True):
    """The claims of an active token.

    `iss` and `exp` may be missing: the answer comes from the issuer, and the token is active now. `aud` is
    required, because it alone shows that the token is for this service:
    https://www.rfc-editor.org/rfc/rfc7662#section-4 .
    """

    token_type: str | UnsetType = UNSET
    """Must be Bearer if present: other types are refresh tokens, or are bound to a key."""


class ActiveToken(Struct, frozen=True):
    """What the issuer says of an active token."""

    claims: IntrospectedClaims
    members: Members

    @classmethod
    def read(cls, answer: bytes) -> Result["ActiveToken", AccessTokenInvalid]:
        """Read the answer about a bearer token. A member that is null counts as absent.

        A claim that cannot be read rejects the token: the issuer would say the same of it again. Raises
        `DocumentUnusable` if the answer does not say whether the token is active.
        """
        try:
            if not msgspec.json.decode(answer, type=_State).active:
                return Failure(AccessTokenInvalid())
            said = msgspec.json.decode(answer, type=dict[str, object])
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("the introspection response cannot be read") from error
        members = {name: value for name, value in said.items() if value is not None}
        try:
            claims = msgspec.convert(members, IntrospectedClaims)
        except msgspec.ValidationError as error:
            # the text names a claim of ours and its type, never a value
            _LOG.warning("access token refused, because of its introspection response: %s", error)
            return Failure(AccessTokenInvalid())
        if isinstance(claims.token_type, str) and claims.token_type.lower() != "bearer":
            return Failure(AccessTokenInvalid())
        return Success(cls(claims, members))


class IntrospectionEndpoint:
    """Calls an introspection endpoint: https://www.rfc-editor.org/rfc/rfc7662 ."""

    def __init__(self, url: str, client_id: str, client_secret: ClientSecret) -> None:
        """Open nothing yet."""
        self._url = url
        self._client_id = client_id
        self._client_secret = client_secret
        self._documents = HttpDocuments()

    async def ask(self, access_token: str) -> bytes:
        """Send the token, and return the answer unread. Raises `IssuerUnavailable`.

        The token goes into the body, because servers log URLs:
        https://www.rfc-editor.org/rfc/rfc7662#section-2.1 .
        """
        form = {"token": access_token, "token_type_hint": "access_token"}
        return await self._documents.post(httpx.URL(self._url), form, self._credentials())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    def _credentials(self) -> httpx.BasicAuth:
        """Encode id and secret: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 ."""
        return httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._client_secret.text))


class IntrospectionLimits(Struct, frozen=True):
    """How long an answer stays in the cache, and how the issuer is spared."""

    lifetime: float = 30.0
    """Seconds that an answer stays in the cache. A revoked token may work that long."""
    answers: int = 4096
    """How many answers the cache holds."""
    questions: int = 50
    """How many requests run at once: anyone can invent tokens."""
    seconds: float = 2.0
    """Seconds that a request may take."""


DEFAULT_LIMITS = IntrospectionLimits()


class IntrospectionAccessTokenVerifier(AccessTokenVerifier):
    """Accepts the tokens that the issuer calls active: https://www.rfc-editor.org/rfc/rfc7662 .

    - An accepted token stays in the cache for a bounded time, and never beyond its expiry. Rejections are not
      cached, so a token works as soon as it becomes active.
    - Callers with the same token share a request. A caller that hangs up does not end it.
    - While the issuer does not answer, only cached tokens are accepted.

    No part of a token is logged. The cache holds digests.
    """

    def __init__(
        self,
        endpoint: IntrospectionEndpoint,
        clock: Clock,
        monotonic: Callable[[], float],
        rules: AccessTokenRules,
        limits: IntrospectionLimits = DEFAULT_LIMITS,
    ) -> None:
        """Ask nothing yet. `monotonic` is a clock such as `time.monotonic`."""
        self._endpoint = endpoint
        self._clock = clock
        self._monotonic = monotonic
        self._rules = rules
        self._limits = limits
        self._accepted = TtlCache[Caller](limits.answers)
        self._asking: dict[bytes, asyncio.Task[_Verdict]] = {}

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` if the issuer does not answer."""
        if not is_bearer_token(access_token):
            return Failure(AccessTokenInvalid())
        digest = sha256(access_token.encode()).digest()
        caller = self._accepted.find(digest, self._monotonic())
        if caller is not None:
            return Success(caller)
        asking = self._asking.get(digest) or self._ask(digest, access_token)
        await asyncio.wait({asking})  # a cancelled caller does not cancel the task, as `await` would
        if asking.cancelled():
            raise IssuerUnavailable("the service is stopping")
        return asking.result()

    async def aclose(self) -> None:
        """Cancel the running requests, and close the connections."""
        running = set(self._asking.values())
        for asking in running:
            asking.cancel()
        if running:
            await asyncio.wait(running)
        await self._endpoint.aclose()

    def _ask(self, digest: bytes, access_token: str) -> "asyncio.Task[_Verdict]":
        if len(self._asking) >= self._limits.questions:
            raise IssuerUnavailable("too many access tokens to introspect at once")
        asking = asyncio.create_task(self._introspect(digest, access_token))
        self._asking[digest] = asking
        asking.add_done_callback(lambda answered: self._settle(digest, answered))
        return asking

    async def _introspect(self, digest: bytes, access_token: str) -> _Verdict:
        asked_at = self._monotonic()
        try:
            async with asyncio.timeout(self._limits.seconds):
                read = ActiveToken.read(await self._endpoint.ask(access_token))
        except TimeoutError:
            raise IssuerUnavailable("no answer in time") from None
        if failed(read):
            return Failure(read.failure())
        token = read.unwrap()
        now = self._clock.instant().timestamp()
        verified = token.claims.judge(token.members, self._rules, now)
        if not failed(verified):
            lifetime = min(self._limits.lifetime, token.claims.exp - now)
            self._accepted.keep(digest, verified.unwrap(), asked_at + lifetime)
        return verified

    def _settle(self, digest: bytes, asked: "asyncio.Task[_Verdict]") -> None:
        del self._asking[digest]
        if not asked.cancelled() and isinstance(error := asked.exception(), IssuerUnavailable):
            _LOG.warning("access token not introspected: %s", error)
