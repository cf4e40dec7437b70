"""The limit of requests in flight."""

from collections.abc import AsyncIterator, Mapping

import anyio
import httpx
import pytest
from dependency_injector import providers

from tests.integration.http.support.broken import HeldUp
from tests.integration.http.support.call import FHIR_XML, OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, keep_in_memory, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import UNAVAILABLE, refusal_in
from tests.integration.metrics.support.figures import Figures

LIMIT = 3


class BusyService:
    """A service at its in-flight limit, whose requests end when a test lets them."""

    def __init__(self, client: httpx.AsyncClient, issuer: Issuer, held_up: HeldUp) -> None:
        self.client = client
        self.held_up = held_up
        self.statuses: list[int] = []
        self.all_ended = anyio.Event()
        self._headers = request_headers(issuer.access_token())

    async def call(self) -> httpx.Response:
        return await self.client.post(OPERATION, headers=self._headers, content=asking_for(ADULT))

    async def call_and_keep(self) -> None:
        self.statuses.append((await self.call()).status_code)
        if len(self.statuses) == LIMIT:
            self.all_ended.set()


@pytest.fixture
async def busy(lost_environment: Mapping[str, str], issuer: Issuer) -> AsyncIterator[BusyService]:
    settings = {**lost_environment, "INVITATIONS_MAX_CONCURRENT_REQUESTS": f"{LIMIT}"}
    held_up = HeldUp()
    async with open_container(settings) as container:
        await keep_in_memory(container)
        container.storage.patient_repository.override(providers.Object(held_up))
        async with client_of(container.http.app()) as client, anyio.create_task_group() as calls:
            service = BusyService(client, issuer, held_up)
            for _ in range(LIMIT):
                calls.start_soon(service.call_and_keep)
            await held_up.is_asked(LIMIT)
            yield service
            held_up.let_go.set()


async def test_refuses_a_request_above_it_at_once(busy: BusyService) -> None:
    with anyio.fail_after(5):
        response = await busy.call()

    assert refusal_in(response) == UNAVAILABLE


async def test_still_answers_probes(busy: BusyService) -> None:
    with anyio.fail_after(5):
        live, ready = await busy.client.get("/health/live"), await busy.client.get("/health/ready")

    assert (live.status_code, ready.status_code) == (200, 200)


async def test_still_answers_metrics(busy: BusyService) -> None:
    await busy.call()

    with anyio.fail_after(5):
        figures = Figures((await busy.client.get("/metrics")).text)

    assert figures.sum("invitations_requests_in_progress") == LIMIT
    assert figures.sum("invitations_requests_in_progress_limit") == LIMIT
    assert figures.sum("invitations_refusals_total", transport="http", cause="NoSlotFree") == 1


async def test_holds_for_every_path_under_fhir(busy: BusyService) -> None:
    response = await busy.client.get("/fhir/Patient", headers={"X-Request-Id": "the-tests-own-id"})

    assert refusal_in(response) == UNAVAILABLE


async def test_refuses_in_the_format_asked_for(busy: BusyService) -> None:
    response = await busy.client.get("/fhir/Patient", params={"_format": "xml"})

    assert (response.status_code, response.headers["Content-Type"]) == (503, FHIR_XML)


async def test_answers_requests_in_progress_and_then_accepts_others(busy: BusyService) -> None:
    await busy.call()
    busy.held_up.let_go.set()
    await busy.all_ended.wait()

    response = await busy.call()

    assert [*busy.statuses, response.status_code] == [200] * (LIMIT + 1)
