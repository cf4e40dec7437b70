"""Callers that hang up in the middle of a call get its answer under its key."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from uuid import uuid4

import httpx
import pytest

from tests.integration.http.support.call import OPERATION, Caller, answered, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issued import requests_and_invitations
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD
from tests.integration.http.support.raw_http import connection
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import Service

pytestmark = [ON_EACH_DATABASE, pytest.mark.full]

BATCH = CROWD[:20]
LEAVING = 40
LONGEST_SECONDS = 0.04
"""How long a caller stays at most: about as long as a call takes."""


async def test_a_caller_that_hangs_up_at_any_moment_gets_the_answer_under_the_same_key(
    service: Service, caller: Caller, environment: Mapping[str, str]
) -> None:
    before = await requests_and_invitations(environment)
    random = Random(1)
    body = asking_for(*BATCH)
    answers: list[Sequence[httpx.Response]] = []
    for _ in range(LEAVING):
        key = {"Idempotency-Key": uuid4().hex}
        with connection(service.port) as connected:
            length = ("Content-Length", f"{len(body)}")
            connected.send_head(request_headers(caller.access_token, key), length)
            connected.send(body)
            await asyncio.sleep(random.uniform(0, LONGEST_SECONDS))
            connected.hang_up()
        answers.append([caller.call(body, key).raise_for_status() for _time in range(2)])

    assert [first.content == second.content for first, second in answers] == [True] * LEAVING
    assert {len(answered(first)) for first, _second in answers} == {len(BATCH)}
    requests, invitations = await requests_and_invitations(environment)
    assert (requests - before[0], invitations - before[1]) == (LEAVING, LEAVING * len(BATCH))


async def test_a_call_that_is_cancelled_at_any_moment_is_answered_under_the_same_key(
    environment: Mapping[str, str], issuer: Issuer
) -> None:
    before = await requests_and_invitations(environment)
    random = Random(2)
    body = asking_for(*BATCH)
    answers: list[httpx.Response] = []
    async with open_container(environment) as container, client_of(container.http.app()) as client:
        # if asyncpg is cancelled while it connects, it leaves an unread exception: connect first
        (await client.get("/health/ready")).raise_for_status()
        for _ in range(LEAVING):
            headers = request_headers(issuer.access_token(), {"Idempotency-Key": uuid4().hex})
            leaving = asyncio.ensure_future(client.post(OPERATION, headers=headers, content=body))
            await asyncio.sleep(random.uniform(0, LONGEST_SECONDS))
            leaving.cancel()
            await asyncio.wait([leaving])
            answers.append(await client.post(OPERATION, headers=headers, content=body))

    assert Counter(answer.status_code for answer in answers) == {200: LEAVING}
    requests, invitations = await requests_and_invitations(environment)
    assert (requests - before[0], invitations - before[1]) == (LEAVING, LEAVING * len(BATCH))
