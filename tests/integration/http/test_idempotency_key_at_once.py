"""Calls under one key at the same time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from dependency_injector import providers
from sqlalchemy import NullPool, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.sql.bulk_parameters import json_text
from adapters.sql.idempotency import remembered_request_values
from adapters.sql.tables import patient_identifier, remembered_request
from domain.access import Grant
from domain.eligibility import Decisions, PatientToInvite
from domain.idempotency import IdempotencyKey, IdempotencyRecord, IdempotentRequest, ScopedIdempotencyKey
from domain.invitations import InvitationToken
from domain.patients import PatientId
from entrypoints.container import Container
from tests.integration.faults.support.backends import watching
from tests.integration.http.support.call import (
    OPERATION,
    answered,
    asking_for,
    request_headers,
)
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issued import requests_and_invitations
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.judge import judge_response_in_process
from tests.integration.http.support.people import ADULT, CROWD, HOSPITAL
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.http.support.refused import refusal_in, refused
from tests.integration.on_each_database import ON_EACH_DATABASE, ON_POSTGRESQL
from tests.integration.service import Service, running_service
from tests.integration.sql.rows import rows

REPLAYED = "Idempotent-Replayed"
ROUNDS = 5
AT_ONCE = 10
BATCH = CROWD[:20]
STATEMENT_SECONDS = 0.5
STILL_IN_PROGRESS = refused(
    409,
    "conflict",
    "The first request under this Idempotency-Key is still in progress. Try again later.",
    header="Idempotency-Key",
    Retry_After="2",
)


@pytest.fixture
def key() -> str:
    """Give a key that no other test uses."""
    return uuid4().hex


@pytest.fixture(scope="module")
def two_workers(
    environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with running_service(environment, tmp_path_factory.mktemp("two") / "log", workers=2) as running:
        wait_until(lambda: len(workers_of(running.process.pid)) == 2)
        yield running


@pytest.mark.full
@ON_EACH_DATABASE
async def test_of_calls_under_one_key_on_two_workers_one_is_carried_out_and_all_are_answered_alike(
    two_workers: Service, environment: Mapping[str, str], issuer: Issuer
) -> None:
    before = await requests_and_invitations(environment)
    hooks = {"response": [judge_response_in_process]}
    # a connection for each call, so that both workers get some
    limits = httpx.Limits(max_keepalive_connections=0)
    answers: list[list[httpx.Response]] = []
    async with httpx.AsyncClient(
        base_url=two_workers.url, event_hooks=hooks, limits=limits, timeout=30
    ) as client:
        for number in range(ROUNDS):
            headers = request_headers(issuer.access_token(), {"Idempotency-Key": f"{uuid4().hex}-{number}"})
            call = [
                client.post(OPERATION, headers=headers, content=asking_for(*BATCH)) for _ in range(AT_ONCE)
            ]
            answers.append(await asyncio.gather(*call))

    assert Counter(each.status_code for several in answers for each in several) == {200: ROUNDS * AT_ONCE}
    assert [len({each.content for each in several}) for several in answers] == [1] * ROUNDS
    assert [sum(REPLAYED in each.headers for each in several) for several in answers] == [
        AT_ONCE - 1
    ] * ROUNDS
    requests, invitations = await requests_and_invitations(environment)
    assert (requests - before[0], invitations - before[1]) == (ROUNDS, ROUNDS * len(BATCH))


@ON_POSTGRESQL
class TestOnPostgresql:
    """There the first call holds the key until it is stored; on SQLite all writers queue."""

    @pytest.fixture
    async def container(self, environment: Mapping[str, str]) -> AsyncIterator[Container]:
        """Give a container of an application that does not wait long for a statement."""
        async with open_container(environment) as container:
            container.statement_seconds.override(providers.Object(STATEMENT_SECONDS))
            yield container

    @pytest.fixture
    async def client(self, container: Container) -> AsyncIterator[httpx.AsyncClient]:
        async with client_of(container.http.app()) as client:
            yield client

    async def test_a_call_whose_first_is_in_progress_is_asked_to_retry_later(
        self, container: Container, client: httpx.AsyncClient, issuer: Issuer, key: str
    ) -> None:
        async with _another_in_progress(container, key):
            response = await _ask(client, issuer, key)

        assert refusal_in(response) == STILL_IN_PROGRESS

    async def test_is_answered_like_the_first_once_that_is_stored(
        self, container: Container, client: httpx.AsyncClient, issuer: Issuer, key: str
    ) -> None:
        async with _another_in_progress(container, key) as (other, token):
            refusal = await _ask(client, issuer, key)
            await other.commit()
        answer = await _ask(client, issuer, key)

        [entry] = answered(answer)
        assert (refusal.status_code, answer.headers[REPLAYED]) == (409, "true")
        assert (entry.code, entry.token) == (token.code, token.token)

    async def test_is_carried_out_after_the_first_has_failed(
        self, container: Container, client: httpx.AsyncClient, issuer: Issuer, key: str
    ) -> None:
        async with _another_in_progress(container, key) as (other, token):
            refusal = await _ask(client, issuer, key)
            await other.rollback()
        answer = await _ask(client, issuer, key)

        [entry] = answered(answer)
        assert (refusal.status_code, REPLAYED in answer.headers) == (409, False)
        assert entry.code != token.code

    async def test_a_call_that_waits_while_the_first_is_stored_is_answered_like_the_first(
        self, environment: Mapping[str, str], issuer: Issuer, key: str
    ) -> None:
        async with (
            open_container(environment) as patient,
            client_of(patient.http.app()) as client,
            _another_in_progress(patient, key) as (other, token),
            watching(environment["INVITATIONS_DATABASE_URL"]) as backends,
        ):
            waiting = asyncio.ensure_future(_ask(client, issuer, key))
            await backends.wait_for_locks(1)
            await other.commit()
            answer = await waiting

        assert [(entry.code, entry.token) for entry in answered(answer)] == [(token.code, token.token)]
        assert answer.headers[REPLAYED] == "true"


async def _ask(client: httpx.AsyncClient, issuer: Issuer, key: str) -> httpx.Response:
    headers = request_headers(issuer.access_token(), {"Idempotency-Key": key})
    return await client.post(OPERATION, headers=headers, content=asking_for(ADULT))


@asynccontextmanager
async def _another_in_progress(
    container: Container, key: str
) -> AsyncIterator[tuple[AsyncConnection, InvitationToken]]:
    """Begin the same request in a transaction, and return it with the token of its answer."""
    url = container.settings().database_url.render_as_string(hide_password=False)
    [[patient]] = await rows(
        url, select(patient_identifier.c.patient_id).where(patient_identifier.c.value == ADULT.value)
    )
    patient_id, request_id, now = (
        PatientId(patient),
        container.system.request_ids().draw(),
        container.system.clock().instant(),
    )
    [drawn] = container.security.token_generator().draw(request_id, [patient_id], 0)
    remembered = IdempotencyRecord(
        IdempotentRequest(
            ScopedIdempotencyKey(Grant(CLIENT_ID, HOSPITAL), IdempotencyKey(key)),
            container.security.request_fingerprints().take([ADULT]),
            Decisions([PatientToInvite(0, patient_id)], []),
        ),
        request_id,
        now,
        now,
        {},
    )
    engine = create_async_engine(url, poolclass=NullPool, json_serializer=json_text)
    async with engine.connect() as other:
        values = {
            name.removeprefix("remembered_request_"): value
            for name, value in remembered_request_values(remembered).items()
        }
        await other.execute(insert(remembered_request), values)
        yield other, InvitationToken(drawn.code, drawn.token, now)
