"""The probes."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest

from tests.integration.databases import Databases
from tests.integration.http.support.call import OPERATION, Caller, asking_for, request_headers
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import UNAVAILABLE, refusal_in
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import free_port, running_service
from tests.key_builders import a_key


def test_a_service_with_all_it_needs_is_live_and_ready(client: httpx.Client) -> None:
    live, ready = client.get("/health/live"), client.get("/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


@pytest.fixture
def empty_environment(
    environment: Mapping[str, str], new_database_url: Callable[[], str]
) -> Mapping[str, str]:
    """Give the settings of a service on an empty database."""
    return {**environment, "INVITATIONS_DATABASE_URL": new_database_url()}


@ON_EACH_DATABASE
async def test_an_empty_database_makes_it_not_ready_and_both_revisions_are_named(
    empty_environment: Mapping[str, str],
) -> None:
    async with open_container(empty_environment) as container, client_of(container.http.app()) as client:
        response = await client.get("/health/ready")

    [problem] = response.json()["problems"]
    assert response.status_code == 503
    assert f"revision none and this release wants {container.storage.schema().wanted}" in problem


@ON_EACH_DATABASE
async def test_callers_are_asked_to_retry_while_the_database_is_empty(
    empty_environment: Mapping[str, str], issuer: Issuer
) -> None:
    headers = request_headers(issuer.access_token())
    async with open_container(empty_environment) as container, client_of(container.http.app()) as client:
        response = await client.post(OPERATION, headers=headers, content=asking_for(ADULT))

    assert refusal_in(response) == UNAVAILABLE


async def test_another_key_under_a_known_id_makes_it_not_ready(
    environment: Mapping[str, str], new_database_url: Databases
) -> None:
    on_one_database = {**environment, "INVITATIONS_DATABASE_URL": new_database_url.migrated_url()}
    answers = []
    for letter in ("a", "b"):
        settings = {**on_one_database, "INVITATIONS_TOKEN_KEYS": f"2026-11:{a_key(letter)}"}
        async with open_container(settings) as container, client_of(container.http.app()) as client:
            answers.append(await client.get("/health/ready"))

    assert [answer.status_code for answer in answers] == [200, 503]
    [problem] = answers[1].json()["problems"]
    assert problem.startswith("INVITATIONS_TOKEN_KEYS has another key than before under the id 2026-11: ")


@pytest.mark.full
def test_a_service_without_its_database_is_live_but_not_ready(
    lost_environment: Mapping[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    with (
        running_service(lost_environment, tmp_path / "log") as service,
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        ready, live = client.get("/health/ready"), client.get("/health/live")
        refusal = Caller(client, issuer.access_token()).call()

    [line] = [line for line in service.log_lines() if line.get("route") == "/health/ready"]
    assert line["cause"] == "the database cannot be reached: unable to open database file"
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "not ready", "problems": ["the database cannot be reached: unable to open database file"]},
    )
    assert live.status_code == 200
    assert refusal_in(refusal) == UNAVAILABLE


async def test_shows_nothing_about_a_database_server_that_it_cannot_reach(
    lost_environment: Mapping[str, str], issuer: Issuer, log: CapturedLog
) -> None:
    url = f"postgresql+asyncpg://the-user:the-password@127.0.0.1:{free_port()}/the-database"
    headers = request_headers(issuer.access_token())
    async with (
        open_container({**lost_environment, "INVITATIONS_DATABASE_URL": url}) as container,
        client_of(container.http.app()) as client,
    ):
        ready = await client.get("/health/ready")
        refusal = await client.post(OPERATION, headers=headers, content=asking_for(ADULT))

    said = f"{ready.text} {refusal.text} {log.text} {container.settings()!r}"
    assert (ready.status_code, refusal_in(refusal)) == (503, UNAVAILABLE)
    assert [secret for secret in ("the-password", "postgresql+asyncpg://the-user:t") if secret in said] == []


@ON_EACH_DATABASE
async def test_becomes_ready_with_its_database(
    empty_environment: Mapping[str, str],
) -> None:
    async with open_container(empty_environment) as container, client_of(container.http.app()) as client:
        before = await client.get("/health/ready")
        await container.storage.migrations().upgrade()
        async with asyncio.timeout(30):
            # that it is not ready stands for a moment
            while (await client.get("/health/ready")).status_code != 200:
                pass

    assert before.status_code == 503
