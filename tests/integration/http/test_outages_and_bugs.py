"""The answers of the service to outages and bugs."""

from operator import attrgetter

import httpx
import pytest
from dependency_injector import providers

from adapters.http.bodies import AsgiApp
from entrypoints.container import Container
from tests.fakes.unavailable import OutOfOrder
from tests.integration.http.support.broken import Buggy
from tests.integration.http.support.call import FHIR_JSON, OPERATION, asking_for, request_headers
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import UNAVAILABLE, refusal_in, refused

PORTS_WITH_IO = [
    "security.access_token_verifier",
    "security.organisation_grants",
    "security.rate_limits",
    "security.identifier_allowances",
    "storage.patient_repository",
    "storage.invitation_repository",
]
PORTS = [*PORTS_WITH_IO, "security.token_generator", "system.request_ids", "system.clock"]

BUG = refused(
    500,
    "exception",
    "An unexpected error occurred. If it persists, report the request id the-tests-own-id.",
)


async def call(app: AsgiApp, issuer: Issuer) -> httpx.Response:
    headers = request_headers(issuer.access_token())
    async with client_of(app) as client:
        return await client.post(OPERATION, headers=headers, content=asking_for(ADULT))


def buggy(error: type[Exception] = RuntimeError) -> Buggy:
    """Raise an exception that quotes a patient, and so does its cause."""
    bug = error(f"no patient {ADULT.value}")
    bug.__cause__ = ValueError(f"bad number {ADULT.value}")
    bug.add_note(ADULT.value)
    return Buggy(bug)


@pytest.mark.parametrize("port", PORTS_WITH_IO)
async def test_asks_to_try_again_when_a_port_is_unavailable(
    container_in_memory: Container, issuer: Issuer, port: str
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(OutOfOrder()))

    response = await call(container_in_memory.http.app(), issuer)

    assert refusal_in(response) == UNAVAILABLE


@pytest.mark.parametrize("port", PORTS_WITH_IO)
async def test_logs_an_outage_as_no_bug(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog, port: str
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(OutOfOrder()))

    await call(container_in_memory.http.app(), issuer)

    assert [line["status"] for line in log.lines("invitations.request")] == [503]
    assert log.lines("invitations.http") == []


@pytest.mark.parametrize("port", PORTS)
async def test_answers_a_bug_with_a_fixed_sentence(
    container_in_memory: Container, issuer: Issuer, port: str
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(buggy()))

    response = await call(container_in_memory.http.app(), issuer)

    assert refusal_in(response) == BUG


@pytest.mark.parametrize(
    "error",
    [RuntimeError, ValueError, KeyError, TypeError, OSError, TimeoutError, LookupError, RecursionError],
)
async def test_answers_every_exception_alike(
    container_in_memory: Container, issuer: Issuer, error: type[Exception]
) -> None:
    container_in_memory.storage.patient_repository.override(providers.Object(buggy(error)))

    response = await call(container_in_memory.http.app(), issuer)

    assert refusal_in(response) == BUG


@pytest.mark.parametrize("port", PORTS)
async def test_logs_the_type_and_the_place_of_a_bug_but_not_its_text(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog, port: str
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(buggy()))

    await call(container_in_memory.http.app(), issuer)

    [bug] = log.lines("invitations.http")
    assert (bug["level"], bug["exception"], bug["request_id"]) == (
        "ERROR",
        "RuntimeError",
        "the-tests-own-id",
    )
    assert "broken.py" in str(bug["frames"])
    assert ADULT.value not in log.text


async def test_logs_the_call_that_met_a_bug(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog
) -> None:
    container_in_memory.storage.patient_repository.override(providers.Object(buggy()))

    await call(container_in_memory.http.app(), issuer)

    [line] = log.lines("invitations.request")
    assert (line["status"], line["refusal"], line["asked"]) == (500, "RuntimeError", 1)


async def test_a_bug_in_a_readiness_check_is_not_shown(
    container_in_memory: Container, log: CapturedLog
) -> None:
    container_in_memory.storage.schema.override(providers.Object(buggy()))
    async with client_of(container_in_memory.http.app()) as client:
        response = await client.get("/health/ready")

    assert (response.status_code, response.headers["Content-Type"]) == (500, FHIR_JSON)
    assert ADULT.value not in response.text + log.text
