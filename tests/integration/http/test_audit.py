"""Every call of an authenticated caller is recorded before it is answered, refused ones too."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest
from dependency_injector import providers

from adapters.http.app import HttpLimits
from adapters.serving.in_flight_limit import InFlightLimit
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.fakes.rate_limits import CountedRateLimits
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.audited import Audited, AuditRecords
from tests.integration.http.support.call import (
    OPERATION,
    STATUS_OPERATION,
    Caller,
    Changes,
    asking_for,
    request_headers,
)
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import (
    ADULT,
    ELSEWHERE,
    HOSPITAL,
    NOT_GRANTED,
    UNKNOWN,
    UNKNOWN_PATIENT,
)
from tests.integration.http.support.raw_http import connection
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import Service

pytestmark = ON_EACH_DATABASE

CODES = {OPERATION: "generate-invitation-tokens", STATUS_OPERATION: "status-query"}
MOST = {OPERATION: 500, STATUS_OPERATION: 5_000}
ELSEWHERE_SYSTEM = RequestedIdentifier("https://hospital.test/record-number", "4711")
NOT_UNDERSTOOD = "request-not-understood"
LIMITS = HttpLimits(body_bytes=1_000, body_seconds=0.1, in_flight=InFlightLimit(4))


@pytest.fixture
async def audited(environment: Mapping[str, str]) -> AuditRecords:
    return await AuditRecords.from_now_on(environment["INVITATIONS_DATABASE_URL"])


@pytest.fixture
def caller(caller_of_each: Caller) -> Caller:
    return caller_of_each


def _on_record(
    caller: Caller, outcome: str, *, organisation_id: object = HOSPITAL, asked: int = 0
) -> list[Audited]:
    named = None if organisation_id is None else str(organisation_id)
    return [Audited(CODES[caller.operation], outcome, CLIENT_ID, named, asked)]


async def test_a_successful_call_is_recorded(caller: Caller, audited: AuditRecords) -> None:
    caller.call(asking_for(ADULT, UNKNOWN_PATIENT, ADULT))

    assert await audited.made() == _on_record(caller, "carried-out", asked=3)


async def test_the_record_of_a_status_query_holds_each_decision(
    caller: Caller, audited: AuditRecords
) -> None:
    caller.call(asking_for(ADULT, ELSEWHERE, UNKNOWN_PATIENT), path=STATUS_OPERATION)

    [row] = await audited.rows()
    assert row["omitted"] == {"no-care-relationship": 1, "not-found": 1}
    assert {reason: len(patients) for reason, patients in row["patients"].items()} == {
        "issued": 0,
        "answered": 1,
        "no-care-relationship": 1,
    }


async def test_a_caller_without_the_scope_is_recorded(
    caller: Caller, issuer: Issuer, audited: AuditRecords
) -> None:
    caller.call(changes={"Authorization": f"Bearer {issuer.access_token(scope='other')}"})

    assert await audited.made() == _on_record(caller, "scope-missing", organisation_id=None)


@pytest.mark.parametrize(
    ("named", "outcome", "organisation_id"),
    [
        pytest.param(None, "organisation-missing", None, id="missing"),
        pytest.param("the-hospital", "organisation-malformed", None, id="malformed"),
        pytest.param([str(HOSPITAL)] * 2, "organisation-malformed", None, id="repeated"),
        pytest.param(str(UNKNOWN), "organisation-forbidden", UNKNOWN, id="unknown"),
        pytest.param(str(NOT_GRANTED), "organisation-forbidden", NOT_GRANTED, id="not_granted"),
    ],
)
async def test_a_caller_without_a_grant_is_recorded(
    caller: Caller,
    audited: AuditRecords,
    named: str | Sequence[str] | None,
    outcome: str,
    organisation_id: object,
) -> None:
    caller.call(changes={"X-Org-Public-Id": named})

    assert await audited.made() == _on_record(caller, outcome, organisation_id=organisation_id)


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        pytest.param(asking_for(ADULT), {"Accept": "text/html"}, id="accept"),
        pytest.param(asking_for(ADULT), {"Content-Type": "text/plain"}, id="content_type"),
        pytest.param(asking_for(ADULT), {"Content-Encoding": "gzip"}, id="content_encoding"),
        pytest.param(b"[", {}, id="not_json"),
        pytest.param(b"{}", {}, id="no_resource_type"),
        pytest.param(parameters({"name": "patient"}), {}, id="unknown_parameter"),
        pytest.param(parameters(patient_identifier(ADULT, value="")), {}, id="no_value"),
    ],
)
async def test_an_unreadable_request_is_recorded(
    caller: Caller, audited: AuditRecords, body: bytes, changes: Changes
) -> None:
    caller.call(body, changes)

    assert await audited.made() == _on_record(caller, NOT_UNDERSTOOD)


async def _too_large() -> AsyncIterator[bytes]:
    yield b" " * (LIMITS.body_bytes + 1)


async def _never() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(_too_large, 413, id="too_large"),
        pytest.param(_never, 408, id="not_in_time"),
    ],
)
@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_a_body_that_does_not_arrive_is_recorded(
    container: Container,
    issuer: Issuer,
    audited: AuditRecords,
    operation: str,
    *,
    body: Callable[[], AsyncIterator[bytes]],
    status: int,
) -> None:
    headers = request_headers(issuer.access_token())

    async with client_of(container.http.untraced_app(limits=LIMITS)) as client:
        response = await client.post(operation, headers=headers, content=body())

    assert response.status_code == status
    assert [(each.operation, each.outcome) for each in await audited.made()] == [
        (CODES[operation], NOT_UNDERSTOOD)
    ]


async def test_a_caller_that_hangs_up_half_way_is_recorded(
    service: Service, issuer: Issuer, audited: AuditRecords
) -> None:
    changes = {"X-Request-Id": "hangs-up-on-record", "Expect": "100-continue"}

    with connection(service.port) as raw:
        raw.send_head(request_headers(issuer.access_token(), changes), ("Content-Length", "100"))
        raw.wait_for_continue()
        raw.hang_up()
    service.log_line("hangs-up-on-record")

    assert [each.outcome for each in await audited.made()] == [NOT_UNDERSTOOD]


async def test_a_request_with_wrong_identifiers_is_recorded(caller: Caller, audited: AuditRecords) -> None:
    too_many = MOST[caller.operation] + 1

    for identifiers in ([], [ADULT, ELSEWHERE_SYSTEM], [ADULT] * too_many):
        caller.call(asking_for(*identifiers))

    assert await audited.made() == [
        record
        for asked in (0, 2, too_many)
        for record in _on_record(caller, "identifiers-refused", asked=asked)
    ]


@pytest.mark.parametrize(
    ("provider", "asked"),
    [("rate_limits", 0), ("identifier_allowances", 2)],
    ids=["calls", "identifiers"],
)
@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_a_throttled_caller_is_recorded(
    container: Container,
    issuer: Issuer,
    audited: AuditRecords,
    operation: str,
    *,
    provider: str,
    asked: int,
) -> None:
    getattr(container.security, provider).override(providers.Object(CountedRateLimits(0)))

    async with client_of(container.http.app()) as client:
        headers = request_headers(issuer.access_token())
        await client.post(operation, headers=headers, content=asking_for(ADULT, UNKNOWN_PATIENT))

    assert await audited.made() == [Audited(CODES[operation], "throttled", CLIENT_ID, str(HOSPITAL), asked)]


async def test_an_unauthenticated_caller_is_not_recorded(
    caller: Caller, issuer: Issuer, audited: AuditRecords
) -> None:
    expired = issuer.access_token(exp=0)

    for authorization in (None, "Basic eDp5", "Bearer not-a-token", f"Bearer {Issuer().access_token()}"):
        caller.call(changes={"Authorization": authorization})
    caller.call(changes={"Authorization": f"Bearer {expired}"})

    assert await audited.made() == []


async def test_only_operations_are_recorded(caller: Caller, audited: AuditRecords) -> None:
    caller.call(method="GET")
    caller.call(path="/fhir/Patient/1")

    assert await audited.made() == []
