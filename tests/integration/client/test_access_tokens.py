"""The client requests access tokens by client credentials, and renews them in time."""

import base64
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from returns.result import Failure, Success

from adapters.client.access_tokens import RenewedAccessTokens, TokenRequest
from adapters.client.client_authentication import (
    ClientAuthentication,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    read_client_key,
)
from application.ports.mailing import NotAnswered, Refused
from tests.integration.oauth.key_server import Answer, KeyServer, running_key_server

BASIC = ClientSecretBasic("mail house", "se:cret")


class TokenServer(KeyServer):
    """Notes what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[tuple[str, str]] = []

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        self.received.append((head, body))
        return super().find_answer(path, head, body)


class Watch:
    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def server() -> AsyncIterator[TokenServer]:
    server = TokenServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def tokens(server: TokenServer, watch: Watch) -> AsyncIterator[RenewedAccessTokens]:
    request = TokenRequest(f"{server.url}/token", "a b")
    async with httpx.AsyncClient(verify=False) as client:
        yield RenewedAccessTokens(client, request, BASIC, watch)


async def test_a_token_is_requested_with_id_and_secret_in_the_header(
    server: TokenServer, tokens: RenewedAccessTokens
) -> None:
    server.answer("/token", {"access_token": "T", "token_type": "Bearer", "expires_in": 300})

    current = await tokens.current()

    [(head, body)] = server.received
    assert current == Success("T")
    assert base64.b64encode(b"mail+house:se%3Acret").decode() in head
    assert body == "grant_type=client_credentials&scope=a+b"


@pytest.mark.parametrize(
    ("lifetime", "waited", "asked"),
    [
        (300, 239, 1),
        (300, 241, 2),
        (60, 29, 1),
        (60, 31, 2),
        (60.5, 31, 2),
        ("3599", 3_538, 1),
        (" 3599 ", 3_540, 2),
        ("soon", 239, 1),
        ("soon", 241, 2),
        (-1, 0, 2),
        (None, 239, 1),
        (None, 241, 2),
        ("absent", 239, 1),
        ("absent", 241, 2),
    ],
)
async def test_a_token_is_renewed_before_it_expires(
    server: TokenServer,
    tokens: RenewedAccessTokens,
    watch: Watch,
    *,
    lifetime: float | str | None,
    waited: float,
    asked: int,
) -> None:
    expiry = {} if lifetime == "absent" else {"expires_in": lifetime}
    server.answer("/token", {"access_token": "T", **expiry})
    await tokens.current()

    watch.seconds += waited
    await tokens.current()

    assert len(server.received) == asked


async def test_a_token_answer_may_begin_with_a_byte_order_mark(
    server: TokenServer, tokens: RenewedAccessTokens
) -> None:
    server.answers["/token"] = Answer(b'\xef\xbb\xbf{"access_token":"T"}')

    assert await tokens.current() == Success("T")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            Answer(b'{"error":"invalid_client"}', 401),
            "401 invalid_client: check --client-id and the secret",
            id="invalid-client",
        ),
        pytest.param(
            Answer(b'{"error":"invalid_scope","error_description":"No \\u001b[1m."}', 400),
            "400 invalid_scope: check --scope (No  [1m.)",
            id="invalid-scope",
        ),
        pytest.param(
            Answer(b'{"error":"invalid_target"}', 400),
            "400 invalid_target: check --audience and --resource",
            id="invalid-target",
        ),
        pytest.param(Answer(b"<html>", 401), "401: check --client-id and the secret", id="401-alone"),
        pytest.param(Answer(b"<html>", 404), "404: check --token-url", id="404"),
        pytest.param(Answer(b"<html>"), "200: check --token-url", id="no-json"),
        pytest.param(
            Answer(status=302, headers=("Location: https://b.example/login",)),
            "302: check --token-url (it redirects to https://b.example/login)",
            id="redirect",
        ),
    ],
)
async def test_a_refusal_says_what_to_check(
    server: TokenServer, tokens: RenewedAccessTokens, answer: Answer, said: str
) -> None:
    server.answers["/token"] = answer

    assert await tokens.current() == Failure(
        Refused(f"{server.url}/token: the OAuth server gives no access token: {said}")
    )


@pytest.mark.parametrize("token", ["", "T\n", "T T", "Zoë"])
async def test_a_token_that_no_request_can_carry_is_refused(
    server: TokenServer, tokens: RenewedAccessTokens, token: str
) -> None:
    server.answer("/token", {"access_token": token})

    assert isinstance((await tokens.current()).failure(), Refused)


async def test_a_rejected_token_is_renewed_once_for_all_that_hold_it(
    server: TokenServer, tokens: RenewedAccessTokens
) -> None:
    server.answer("/token", {"access_token": "old"})
    await tokens.current()
    server.answer("/token", {"access_token": "new"})

    renewed = [await tokens.instead_of("old") for _ in range(4)]

    assert renewed == [Success("new")] * 4
    assert len(server.received) == 2
    assert await tokens.current() == Success("new")


async def test_audience_and_resources_are_requested(server: TokenServer, watch: Watch) -> None:
    server.answer("/token", {"access_token": "T"})
    request = TokenRequest(f"{server.url}/token", audience="api://x", resources=("urn:a", "urn:b"))

    async with httpx.AsyncClient(verify=False) as client:
        await RenewedAccessTokens(client, request, BASIC, watch).current()

    [(_head, body)] = server.received
    assert parse_qs(body) == {
        "grant_type": ["client_credentials"],
        "audience": ["api://x"],
        "resource": ["urn:a", "urn:b"],
    }


async def _form(server: TokenServer, authentication: ClientAuthentication) -> tuple[str, dict[str, str]]:
    """Give head and form of a token request."""
    server.answer("/token", {"access_token": "T"})
    async with httpx.AsyncClient(verify=False) as client:
        tokens = RenewedAccessTokens(client, TokenRequest(f"{server.url}/token"), authentication, Watch())
        await tokens.current()
    head, body = server.received[-1]
    return head, {name: value for name, [value] in parse_qs(body).items()}


async def test_a_secret_may_go_in_the_form(server: TokenServer) -> None:
    head, form = await _form(server, ClientSecretPost("mail house", "se:cret"))

    assert "authorization" not in head.lower()
    assert form == {
        "grant_type": "client_credentials",
        "client_id": "mail house",
        "client_secret": "se:cret",
    }


@pytest.mark.parametrize(
    ("key", "algorithm", "used"),
    [
        (RSAKey.generate_key(2048), None, "RS384"),
        (RSAKey.generate_key(2048), "RS512", "RS512"),
        (ECKey.generate_key("P-384"), None, "ES384"),
    ],
)
async def test_each_request_has_an_assertion_of_its_own(
    server: TokenServer, key: RSAKey | ECKey, algorithm: str | None, used: str
) -> None:
    client_key = read_client_key(key.as_pem(private=True).decode(), "the-key", algorithm)
    url = f"{server.url}/token"
    authentication = PrivateKeyJwt("mail-house", client_key, url, lambda: 1_000.9)

    forms = [(await _form(server, authentication))[1] for _ in range(2)]

    read = [jwt.decode(form["client_assertion"], key, algorithms=[used]) for form in forms]
    assert read[0].header == {"typ": "JWT", "alg": used, "kid": "the-key"}
    assert forms[0]["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    jti = {token.claims.pop("jti") for token in read}
    assert len(jti) == 2
    claims = {"iss": "mail-house", "sub": "mail-house", "aud": url, "iat": 1_000, "exp": 1_300}
    assert [token.claims for token in read] == [claims] * 2


async def test_the_words_of_a_refusal_cannot_move_the_cursor_of_a_terminal(
    server: TokenServer, tokens: RenewedAccessTokens
) -> None:
    server.answers["/token"] = Answer(
        json.dumps({"error": "\x1b[2J\r\x9bbad\u202e" + "x" * 1_000}).encode(), 400
    )

    refused = (await tokens.current()).failure()

    assert isinstance(refused, Refused)
    assert refused.text.isprintable()
    assert "bad" in refused.text
    assert len(refused.text) < 300


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_server_with_an_error_may_be_asked_again(
    server: TokenServer, tokens: RenewedAccessTokens, status: int
) -> None:
    server.answers["/token"] = Answer(b"", status, ("Retry-After: 7",))
    waits = (await tokens.current()).failure()
    assert isinstance(waits, NotAnswered)
    assert (waits.retry_after_seconds, waits.may_have_acted) == (7, False)

    server.answer("/token", {"access_token": "T"})

    assert await tokens.current() == Success("T")


async def test_an_unreachable_server_may_be_asked_again(watch: Watch) -> None:
    async with running_key_server() as gone:
        url = f"{gone.url}/token"
    async with httpx.AsyncClient(verify=False) as client:
        tokens = RenewedAccessTokens(client, TokenRequest(url), BASIC, watch)

        current = await tokens.current()

    assert current == Failure(NotAnswered(f"{url}: connection refused", may_have_acted=False))
