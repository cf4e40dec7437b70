"""The client requests access tokens by client credentials, and renews them in time."""

import base64
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from returns.result import Failure, Success

from adapters.client.access_tokens import ClientCredentials, RenewedAccessTokens
from application.ports.mailing import NotAnswered, Refused
from tests.integration.oauth.key_server import Answer, KeyServer, running_key_server


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
    credentials = ClientCredentials(f"{server.url}/token", "mail house", "se:cret", "a b")
    async with httpx.AsyncClient(verify=False) as client:
        yield RenewedAccessTokens(client, credentials, watch)


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
    [(300, 239, 1), (300, 241, 2), (60, 29, 1), (60, 31, 2), (None, 239, 1), (None, 241, 2)],
)
async def test_a_token_is_renewed_before_it_expires(
    server: TokenServer,
    tokens: RenewedAccessTokens,
    watch: Watch,
    *,
    lifetime: int | None,
    waited: float,
    asked: int,
) -> None:
    expiry = {} if lifetime is None else {"expires_in": lifetime}
    server.answer("/token", {"access_token": "T", **expiry})
    await tokens.current()

    watch.seconds += waited
    await tokens.current()

    assert len(server.received) == asked


async def test_refused_credentials_are_reported(server: TokenServer, tokens: RenewedAccessTokens) -> None:
    server.answers["/token"] = Answer(b'{"error":"invalid_client"}', 401)

    assert await tokens.current() == Failure(
        Refused("the OAuth server gives no access token: 401 invalid_client")
    )


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
    server.answers["/token"] = Answer(b"", status)
    assert isinstance((await tokens.current()).failure(), NotAnswered)

    server.answer("/token", {"access_token": "T"})

    assert await tokens.current() == Success("T")


async def test_an_unreachable_server_may_be_asked_again(watch: Watch) -> None:
    async with running_key_server() as gone:
        url = f"{gone.url}/token"
    async with httpx.AsyncClient(verify=False) as client:
        tokens = RenewedAccessTokens(client, ClientCredentials(url, "id", "secret", ""), watch)

        current = await tokens.current()

    assert current == Failure(NotAnswered("no answer from the OAuth server (ConnectError)"))
