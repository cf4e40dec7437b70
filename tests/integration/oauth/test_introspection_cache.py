"""An issuer's answer is cached for a short time, and concurrent callers share a request."""

import asyncio

import pytest
from returns.result import Failure

from adapters.oauth.introspection import DEFAULT_LIMITS, IntrospectionAccessTokenVerifier
from application.ports.access import AccessTokenInvalid
from tests.integration.oauth.introspection import LIMITS, TOKEN, IntrospectionServer, active, introspecting
from tests.integration.oauth.stopwatch import Stopwatch
from tests.integration.oauth.tokens import SECONDS

INVALID = Failure(AccessTokenInvalid())


async def accepts(introspection: IntrospectionAccessTokenVerifier, presented: str = TOKEN) -> bool:
    return await introspection.verify(presented) != INVALID


def test_an_answer_is_cached_for_30_seconds() -> None:
    assert DEFAULT_LIMITS.lifetime == 30


async def test_a_cached_token_is_not_introspected_again(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    await accepts(introspection)
    stopwatch.advance(LIMITS.lifetime - 1)

    accepted = await accepts(introspection)

    assert accepted
    assert len(introspection_server.requests) == 1


async def test_a_revoked_token_is_refused_when_its_cached_answer_ends(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    await accepts(introspection)
    introspection_server.said.clear()
    stopwatch.advance(LIMITS.lifetime)

    accepted = await accepts(introspection)

    assert not accepted


async def test_an_answer_is_not_cached_beyond_the_expiry_of_the_token(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    introspection_server.said[TOKEN] = active(exp=SECONDS + 5)
    await accepts(introspection)
    introspection_server.said.clear()

    stopwatch.advance(4)
    before = await accepts(introspection)
    stopwatch.advance(1)
    after = await accepts(introspection)

    assert (before, after) == (True, False)


async def test_the_lifetime_of_an_answer_includes_the_time_of_the_request(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    introspection_server.hang()
    asking = asyncio.create_task(accepts(introspection))
    await introspection_server.is_asked()
    stopwatch.advance(LIMITS.lifetime)
    introspection_server.recover()

    accepted = [await asking, await accepts(introspection)]

    assert accepted == [True, True]
    assert len(introspection_server.requests) == 2


async def test_a_rejection_is_not_cached(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.said = {TOKEN: active(nbf=SECONDS + 31)}
    early = await accepts(introspection)
    introspection_server.said = {TOKEN: active()}

    late = await accepts(introspection)

    assert (early, late) == (False, True)


async def test_two_hundred_callers_with_the_same_token_cause_one_question(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    accepted = await asyncio.gather(*(accepts(introspection) for _ in range(200)))

    assert accepted == [True] * 200
    assert len(introspection_server.requests) == 1


async def test_each_token_is_introspected_on_its_own(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.said = {name: active(client_id=name) for name in ("one", "two")}

    verified = await asyncio.gather(*(introspection.verify(name) for name in ("one", "two", "three")))

    assert [result.map(lambda caller: caller.client_id).value_or("nobody") for result in verified] == [
        "one",
        "two",
        "nobody",
    ]


@pytest.mark.parametrize("gone", [0, 1], ids=["the one that asked", "one that joined it"])
async def test_a_caller_that_hangs_up_does_not_end_the_request_of_the_others(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer, gone: int
) -> None:
    introspection_server.hang()
    callers = [asyncio.create_task(accepts(introspection)) for _ in range(3)]
    await introspection_server.is_asked()
    leaving = callers.pop(gone)

    leaving.cancel()
    await asyncio.wait({leaving})
    introspection_server.recover()

    assert leaving.cancelled()
    assert [await caller for caller in callers] == [True, True]
    assert len(introspection_server.requests) == 1


async def test_a_full_cache_drops_the_oldest_answer(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    names = [f"token-{number}" for number in range(LIMITS.answers + 1)]
    introspection_server.said = dict.fromkeys(names, active())
    for name in names:
        await accepts(introspection, name)
    introspection_server.said.clear()

    still_accepted = [await accepts(introspection, name) for name in names]

    assert still_accepted == [False, *[True] * LIMITS.answers]


async def test_a_renewed_answer_is_the_newest(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    stopwatch: Stopwatch,
) -> None:
    first, second, *others = names = [f"token-{number}" for number in range(LIMITS.answers + 1)]
    introspection_server.said = dict.fromkeys(names, active())
    for name in (first, second):
        await accepts(introspection, name)
    stopwatch.advance(LIMITS.lifetime)
    for name in (first, *others):
        await accepts(introspection, name)
    introspection_server.said.clear()

    still_accepted = [await accepts(introspection, name) for name in (first, *others)]

    assert still_accepted == [True] * LIMITS.answers


async def test_rejected_tokens_take_no_space_in_the_cache(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    await accepts(introspection)
    for number in range(LIMITS.answers + 1):
        await accepts(introspection, f"made-up-{number}")
    introspection_server.said.clear()

    still_accepted = await accepts(introspection)

    assert still_accepted


async def test_nothing_is_fetched_before_the_first_token(
    introspection_server: IntrospectionServer, stopwatch: Stopwatch
) -> None:
    async with introspecting(introspection_server, stopwatch):
        pass

    assert introspection_server.requests == []
