"""The service is killed repeatedly while a caller retries under keys until it is answered."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

import anyio
import httpx
import pytest
from msgspec import Struct

from domain.identifiers import RequestedIdentifier
from tests.integration.faults.support.backends import locked, watching
from tests.integration.faults.support.forked_service import ForkedService, forked_service
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.http.support.call import (
    OPERATION,
    Answered,
    answered,
    asking_for,
    request_headers,
)
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD

KILLS = 30
BATCH = 2
"""Patients in a request."""

REQUESTS_AT_ONCE = 8
"""New requests for each life of the service, in addition to the unanswered ones."""

LOST = 1
"""The request whose first answer is lost on PostgreSQL."""

LONGEST_WAIT = 0.02
"""Seconds from the answer after which the service is to be killed to its end."""


class Request(Struct):
    """A request under a key of its own, and the answers so far."""

    key: str
    identifiers: Sequence[RequestedIdentifier]
    answers: list[httpx.Response] = []

    @property
    def entries(self) -> list[Answered]:
        """What the caller holds in the end."""
        return answered(self.answers[0])


class PersistentCaller:
    """Asks under each key until there is an answer."""

    def __init__(self, service: ForkedService, issuer: Issuer) -> None:
        self.requests = [
            Request(f"letters-{start}", CROWD[start : start + BATCH]) for start in range(0, len(CROWD), BATCH)
        ]
        self.refusals: list[int] = []
        self._service = service
        self._random = Random(0)
        self._access_token = issuer.access_token()

    def unanswered(self, among_first: int) -> list[Request]:
        return [request for request in self.requests[:among_first] if not request.answers]

    async def ask(self, requests: Sequence[Request]) -> None:
        """Send requests side by side."""
        async with self._asking(requests):
            pass

    async def ask_and_kill(self, requests: Sequence[Request]) -> None:
        """Send requests side by side, and kill the service at any moment until the last is answered."""
        times = self._random.randrange(len(requests))
        async with self._asking(requests) as ended:
            for _ in range(times):
                await ended.acquire()
            await anyio.sleep(self._random.uniform(0, LONGEST_WAIT))
            self._service.kill()

    async def ask_and_lose_the_answer(self, request: Request, url: str) -> None:
        """Send a request, and kill the service when PostgreSQL has carried it out."""
        async with watching(url) as backends, AsyncExitStack() as lock:
            await lock.enter_async_context(locked(url, "invitation", "SHARE"))
            async with self._asking([request]):
                await backends.wait_for_locks(1)
                self._service.freeze()
                await lock.aclose()
                await backends.are_idle()
                self._service.kill()

    @asynccontextmanager
    async def _asking(self, requests: Sequence[Request]) -> AsyncIterator[anyio.Semaphore]:
        """Let all requests end, and return a semaphore that is released at each end."""
        ended = anyio.Semaphore(0)
        async with httpx.AsyncClient(timeout=60) as client, anyio.create_task_group() as calls:
            for request in requests:
                calls.start_soon(self._ask_once, client, request, ended)
            yield ended

    async def _ask_once(self, client: httpx.AsyncClient, request: Request, ended: anyio.Semaphore) -> None:
        headers = request_headers(self._access_token, {"Idempotency-Key": request.key})
        body = asking_for(*request.identifiers)
        try:
            response = await client.post(self._service.url + OPERATION, headers=headers, content=body)
        except httpx.TransportError:
            return
        finally:
            ended.release()
        if response.status_code == httpx.codes.OK:
            request.answers.append(response)
        else:
            self.refusals.append(response.status_code)


@pytest.fixture(scope="module", params=["sqlite_environment", "postgresql_environment"])
def environment(request: pytest.FixtureRequest) -> Mapping[str, str]:
    chosen: Mapping[str, str] = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(scope="module")
async def caller(
    environment: Mapping[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> PersistentCaller:
    """Give the caller once it has all answers, and has asked for each of them once more."""
    log = tmp_path_factory.mktemp("killed") / "log"
    url = environment["INVITATIONS_DATABASE_URL"]
    with forked_service(environment, log) as service:
        caller = PersistentCaller(service, issuer)
        if url.startswith("postgresql"):
            service.start()
            # after the first one, the statement is prepared, and one message carries the next one out
            await caller.ask(caller.requests[:1])
            await caller.ask_and_lose_the_answer(caller.requests[LOST], url)
        for life in range(1, KILLS + 1):
            service.start()
            await caller.ask_and_kill(caller.unanswered(life * REQUESTS_AT_ONCE))
        service.start()
        while requests := caller.unanswered(len(caller.requests)):
            await caller.ask(requests[:REQUESTS_AT_ONCE])
        for start in range(0, len(caller.requests), REQUESTS_AT_ONCE):
            await caller.ask(caller.requests[start : start + REQUESTS_AT_ONCE])
    if url.startswith("postgresql"):
        async with watching(url) as backends:
            await backends.are_gone()
    return caller


async def test_each_patient_has_one_invitation_and_the_caller_holds_its_code_and_token(
    caller: PersistentCaller, environment: Mapping[str, str]
) -> None:
    records = InvitationRecords(environment)

    held = records.answered(request.entries for request in caller.requests)

    assert {number for number, *_digests in held} == {identifier.value for identifier in CROWD}
    assert len(held) == len(CROWD)
    assert await records.entries() == held


async def test_each_request_was_carried_out_once_and_whole(
    caller: PersistentCaller, environment: Mapping[str, str]
) -> None:
    requests = await InvitationRecords(environment).requests()

    assert [*requests.values()] == [BATCH] * len(caller.requests)


# SQLite has no process of its own that could end what the killed service began
@pytest.mark.parametrize("environment", ["postgresql_environment"], indirect=True)
def test_a_lost_answer_was_replayed(caller: PersistentCaller) -> None:
    first_answer = caller.requests[LOST].answers[0]

    assert first_answer.headers.get("Idempotent-Replayed") == "true"


def test_asked_once_more_each_key_has_the_same_answer(caller: PersistentCaller) -> None:
    differing = [
        request.key
        for request in caller.requests
        if len({answer.content for answer in request.answers}) > 1
        or request.answers[-1].headers.get("Idempotent-Replayed") != "true"
    ]

    assert differing == []


def test_refusals_are_temporary(caller: PersistentCaller) -> None:
    assert set(caller.refusals) <= {409, 503}
