"""The client reads no more than an answer may have, whoever sends it."""

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from returns.result import Failure

from adapters.client.access_tokens import RenewedAccessTokens, TokenRequest
from adapters.client.bounded_answers import IDENTITY, MAX_ANSWER_BYTES, SMALL, bound_answer
from adapters.client.client_authentication import ClientSecretBasic
from application.ports.mailing import NotAnswered
from tests.integration.oauth.key_server import Answer, KeyServer, running_key_server

KIBIBYTE = b" " * 1_024
ENDLESS = Answer(KIBIBYTE * 64, endless=True)


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with running_key_server() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    hooks = {"response": [bound_answer]}
    async with httpx.AsyncClient(headers=IDENTITY, event_hooks=hooks) as client:
        yield client


async def test_an_answer_within_the_bound_is_read(server: KeyServer, client: httpx.AsyncClient) -> None:
    server.answers["/"] = Answer(KIBIBYTE * 1_024)

    answer = await client.get(server.url)

    assert len(answer.content) == 1_048_576


async def test_an_answer_without_end_is_given_up(server: KeyServer, client: httpx.AsyncClient) -> None:
    server.answers["/"] = ENDLESS

    with pytest.raises(httpx.DecodingError, match="the answer is too large"):
        await client.get(server.url)


async def test_a_small_answer_has_a_bound_of_its_own(server: KeyServer, client: httpx.AsyncClient) -> None:
    server.answers["/"] = Answer(KIBIBYTE * 257)

    with pytest.raises(httpx.DecodingError, match="the answer is too large"):
        await client.get(server.url, extensions={**SMALL})


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip"])
async def test_an_answer_in_gzip_is_read_though_it_was_not_asked_for(
    server: KeyServer, client: httpx.AsyncClient, coding: str
) -> None:
    content = gzip.compress(KIBIBYTE * 1_024)
    server.answers["/"] = Answer(content, 503, headers=(f"Content-Encoding: {coding}", "Retry-After: 1"))

    answer = await client.get(server.url)

    assert (answer.status_code, len(answer.content)) == (503, 1_048_576)


async def test_an_answer_in_gzip_is_not_expanded_beyond_the_bound(
    server: KeyServer, client: httpx.AsyncClient
) -> None:
    bomb = gzip.compress(KIBIBYTE * 65_536)
    server.answers["/"] = Answer(bomb, headers=("Content-Encoding: gzip",))

    with pytest.raises(httpx.DecodingError, match="the answer is too large"):
        await client.get(server.url)

    assert len(bomb) < MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    ("content", "coding", "problem"),
    [
        pytest.param(b"{}", "gzip", "the answer is not in gzip, as it says", id="not-in-gzip"),
        pytest.param(b"{}", "br", "the answer has a content coding other than gzip", id="other-coding"),
        pytest.param(b"{}", "gzip, gzip", "the answer has a content coding other than gzip", id="twice"),
    ],
)
async def test_an_answer_that_cannot_be_decoded_says_why(
    server: KeyServer, client: httpx.AsyncClient, content: bytes, coding: str, problem: str
) -> None:
    server.answers["/token"] = Answer(content, headers=(f"Content-Encoding: {coding}",))
    request = TokenRequest(f"{server.url}/token")

    token = await RenewedAccessTokens(
        client, request, ClientSecretBasic("mail-house", "secret"), lambda: 0.0
    ).current()

    assert token == Failure(NotAnswered(f"{server.url}/token: {problem}", may_have_acted=False))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ENDLESS, id="endless"),
        pytest.param(
            Answer(gzip.compress(KIBIBYTE * 65_536), headers=("Content-Encoding: gzip",)), id="compressed"
        ),
    ],
)
async def test_the_answer_to_a_token_request_is_bounded(
    server: KeyServer, client: httpx.AsyncClient, answer: Answer
) -> None:
    server.answers["/token"] = answer
    request = TokenRequest(f"{server.url}/token")
    authentication = ClientSecretBasic("mail-house", "secret")

    token = await RenewedAccessTokens(client, request, authentication, lambda: 0.0).current()

    assert isinstance(token.failure(), NotAnswered)
