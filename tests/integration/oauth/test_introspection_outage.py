"""During an outage of the issuer, only cached tokens are accepted, and no caller waits for long."""

import asyncio
import logging

import pytest
from returns.result import Failure

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.introspection import (
    ClientSecret,
    IntrospectionAccessTokenVerifier,
    IntrospectionEndpoint,
    IntrospectionLimits,
)
from application.ports.access import AccessTokenInvalid
from tests.integration.oauth.introspection import (
    CLIENT_ID,
    LIMITS,
    PATH,
    SECRET,
    TOKEN,
    IntrospectionServer,
    introspecting,
)
from tests.integration.oauth.key_server import Answer
from tests.integration.oauth.stopwatch import Stopwatch

IMPATIENT = IntrospectionLimits(seconds=1)
UNUSABLE = {
    "status 500": Answer(b"out of order", 500),
    "status 401, to our own credentials": Answer(b'{"error":"invalid_client"}', 401),
    "status 403": Answer(b'{"active":true}', 403),
    "status 429": Answer(b"", 429),
    "status 201": Answer(b'{"active":true}', 201),
    "redirect": Answer(b"", 302, ("Location: /elsewhere", "Content-Length: 0")),
    "redirect that keeps the method": Answer(b"", 307, ("Location: /elsewhere", "Content-Length: 0")),
    "empty body": Answer(),
    "HTML": Answer(b"<html>Please sign in</html>"),
    "a JSON Web Token": Answer(b"eyJhbGciOiJSUzI1NiJ9.e30.AAAA"),
    "not UTF-8": Answer(b'{"active":true,"sub":"\xff"}'),
    "cut off": Answer(b'{"active":true'),
    "cut off in transfer": Answer(b'{"active":', headers=("Content-Length: 5000",)),
    "list": Answer(b"[]"),
    "true": Answer(b"true"),
    "nothing about being active": Answer(b'{"aud":"x"}'),
    "active in words": Answer(b'{"active":"true"}'),
    "active as a number": Answer(b'{"active":1}'),
    "active as null": Answer(b'{"active":null}'),
    "nested without end": Answer(b'{"active":' + b"[" * 100_000),
    "larger than 256 KiB": Answer(b'{"active":false,"filler":"' + b"x" * 262_144 + b'"}'),
    "endless": Answer(b" " * 65_536, endless=True),
    "not HTTP": Answer(b"", headers=("\r\n\0\r\n",), status=-1),
}


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE.keys())
async def test_an_unusable_answer_is_an_outage(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    answer: Answer,
) -> None:
    introspection_server.answers[PATH] = answer

    with pytest.raises(IssuerUnavailable):
        await introspection.verify(TOKEN)

    assert introspection_server.requests == [PATH]


async def test_a_server_that_does_not_answer_is_an_outage(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    await introspection_server.stop()

    with pytest.raises(IssuerUnavailable, match="ConnectError"):
        await introspection.verify(TOKEN)


async def test_a_cached_token_is_accepted_during_an_outage(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    await introspection.verify(TOKEN)
    introspection_server.fail()
    stopwatch.advance(LIMITS.lifetime - 1)

    verified = await introspection.verify(TOKEN)
    stopwatch.advance(1)

    assert verified.unwrap().client_id == "hospital-a"
    with pytest.raises(IssuerUnavailable):
        await introspection.verify(TOKEN)


async def test_a_server_that_recovers_is_noticed_at_once(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.fail()
    with pytest.raises(IssuerUnavailable):
        await introspection.verify(TOKEN)
    introspection_server.work_again()

    verified = await introspection.verify(TOKEN)

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.full
@pytest.mark.parametrize("drips", [False, True], ids=["hangs", "drips"])
async def test_fifty_callers_of_a_slow_server_are_refused_in_time(
    introspection_server: IntrospectionServer, stopwatch: Stopwatch, *, drips: bool
) -> None:
    introspection_server.answers[PATH] = Answer(b" ", endless=True, drip_seconds=0.02)
    if not drips:
        introspection_server.hang()
    started = asyncio.get_running_loop().time()

    async with introspecting(introspection_server, stopwatch, IMPATIENT) as introspection:
        refused = await asyncio.gather(
            *(introspection.verify(f"token-{number}") for number in range(50)), return_exceptions=True
        )

    waited = asyncio.get_running_loop().time() - started
    assert {repr(refusal) for refusal in refused} == {repr(IssuerUnavailable("no answer in time"))}
    assert waited < IMPATIENT.seconds * 3


async def test_tokens_above_the_limit_of_requests_are_refused_at_once(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.hang()
    asking = [
        asyncio.create_task(introspection.verify(f"made-up-{number}")) for number in range(LIMITS.questions)
    ]
    await introspection_server.is_asked()

    with pytest.raises(IssuerUnavailable, match="too many"):
        await introspection.verify(TOKEN)
    introspection_server.recover()

    assert await asyncio.gather(*asking) == [Failure(AccessTokenInvalid())] * LIMITS.questions
    assert (await introspection.verify(TOKEN)).unwrap().client_id == "hospital-a"


async def test_a_request_without_waiting_callers_serves_the_next_one(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.hang()
    leaving = asyncio.create_task(introspection.verify(TOKEN))
    await introspection_server.is_asked()
    leaving.cancel()
    introspection_server.recover()

    verified = await introspection.verify(TOKEN)

    assert verified.unwrap().client_id == "hospital-a"
    assert introspection_server.requests == [PATH]


async def test_closing_refuses_a_caller_that_waits_for_an_answer(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.hang()
    waiting = asyncio.create_task(introspection.verify(TOKEN))
    await introspection_server.is_asked()

    await introspection.aclose()

    with pytest.raises(IssuerUnavailable, match="stopping"):
        await waiting


async def test_a_bug_is_not_mistaken_for_an_outage(
    introspection_server: IntrospectionServer, stopwatch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenEndpoint(IntrospectionEndpoint):
        async def ask(self, access_token: str) -> bytes:
            raise ZeroDivisionError

    broken = BrokenEndpoint("", "", ClientSecret(""))

    async with introspecting(introspection_server, stopwatch, endpoint=broken) as introspection:
        with pytest.raises(ZeroDivisionError):
            await introspection.verify(TOKEN)

    assert "not introspected" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (UNUSABLE["status 401, to our own credentials"], "the server answers with status 401"),
        (UNUSABLE["HTML"], "the introspection response cannot be read"),
        (UNUSABLE["endless"], "the document is too large"),
    ],
)
async def test_a_failed_question_is_logged_with_its_reason(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
    reason: str,
) -> None:
    introspection_server.answers[PATH] = answer

    with pytest.raises(IssuerUnavailable):
        await introspection.verify(TOKEN)

    logged = [(record.levelname, record.message) for record in caplog.records if "adapters" in record.name]
    assert logged == [("WARNING", f"access token not introspected: {reason}")]


async def test_no_part_of_a_token_or_of_the_secret_is_logged_or_shown(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await introspection.verify(TOKEN)
    await introspection.verify("made-up-and-unheard-of")
    introspection_server.fail(401)
    with pytest.raises(IssuerUnavailable) as refused:
        await introspection.verify("unlucky")

    shown = f"{caplog.text} {refused.value!r} {ClientSecret(SECRET)!r}"

    [*_, last] = introspection_server.questions
    credentials = last.head.partition("Authorization: Basic ")[2].split("\r\n")[0]
    hidden = {TOKEN, "made-up", "unlucky", SECRET, "Xanthippe", CLIENT_ID, "hospital-a", credentials}
    assert "access token not introspected" in shown
    assert not {word for word in hidden if word in shown}
