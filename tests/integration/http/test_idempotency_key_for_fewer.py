"""A request that is sent again under its key after a patient may no longer be invited."""

from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any, TypeAlias
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, select

from adapters.sql.tables import audit_event, care_relationship, patient_identifier
from domain.identifiers import RequestedIdentifier
from domain.patient_reports import PatientReport
from entrypoints.container import Container
from tests.builders import a_report, a_requested_identifier, an_identifier
from tests.integration.http.support.call import OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, report
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.sql.rows import rows

pytestmark = ON_EACH_DATABASE

Environment: TypeAlias = Mapping[str, str]

# patients of these tests alone: what happens to them stays in the database
_numbers = count(22_000)


async def _report(environment: Environment, said: PatientReport) -> None:
    async with open_container(environment) as container:
        await report(container, [said])


async def _dies(environment: Environment, number: int) -> None:
    await _report(environment, a_report(an_identifier(number), deceased=True))


async def _registers(environment: Environment, number: int) -> None:
    await _report(environment, a_report(an_identifier(number), registered=True))


async def _care_ends(environment: Environment, number: int) -> None:
    owner = select(patient_identifier.c.patient_id).where(
        patient_identifier.c.value == an_identifier(number).value
    )
    ended = delete(care_relationship).where(care_relationship.c.patient_id.in_(owner))
    await rows(environment["INVITATIONS_DATABASE_URL"], ended)


@pytest.fixture
async def number(environment: Environment) -> int:
    """Give the number of a new patient, who may be invited."""
    number = next(_numbers)
    await _report(environment, a_report(an_identifier(number)))
    return number


async def _ask(
    container: Container, issuer: Issuer, key: str, *identifiers: RequestedIdentifier
) -> httpx.Response:
    asks_why = {"Idempotency-Key": key, "Prefer": "return=OperationOutcome"}
    async with client_of(container.http.app()) as client:
        return await client.post(
            OPERATION,
            headers=request_headers(issuer.access_token(), asks_why),
            content=asking_for(*identifiers),
        )


def _entries(response: httpx.Response) -> list[Mapping[str, Any]]:
    entries: list[Mapping[str, Any]] = response.raise_for_status().json()["parameter"]
    return entries


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(_dies, "deceased", id="died"),
        pytest.param(_registers, "already-registered", id="registered"),
        pytest.param(_care_ends, "no-care-relationship", id="care_ended"),
    ],
)
async def test_leaves_out_who_may_no_longer_be_invited_and_tells_the_reason(
    environment: Environment,
    container: Container,
    issuer: Issuer,
    number: int,
    *,
    meanwhile: Callable[[Environment, int], Awaitable[None]],
    reason: str,
) -> None:
    key, both = uuid4().hex, (a_requested_identifier(number), ADULT)
    first = await _ask(container, issuer, key, *both)

    await meanwhile(environment, number)
    again = await _ask(container, issuer, key, *both)

    _left_out, adult, _nobody_omitted = _entries(first)
    same_adult, outcome = _entries(again)
    [issue] = outcome["resource"]["issue"]
    assert (same_adult, again.headers["Idempotent-Replayed"]) == (adult, "true")
    assert issue["expression"] == ["Parameters.parameter[0]"]
    assert [coding["code"] for coding in issue["details"]["coding"]] == [reason]


async def test_the_record_tells_who_was_answered_again_and_who_was_left_out(
    environment: Environment, container: Container, issuer: Issuer, number: int
) -> None:
    key, both = uuid4().hex, (a_requested_identifier(number), ADULT)
    await _ask(container, issuer, key, *both)

    await _dies(environment, number)
    await _ask(container, issuer, key, *both)

    table = audit_event.c
    newest = select(table.outcome, table.omitted, table.patients).order_by(table.id.desc()).limit(2)
    again, first = await rows(environment["INVITATIONS_DATABASE_URL"], newest)
    dead, adult = first.patients["issued"]
    assert (again.outcome, again.omitted) == ("answered-again", {"deceased": 1})
    assert again.patients == {"issued": [], "answered": [adult], "deceased": [dead]}


async def test_invites_nobody_who_was_omitted_at_first(
    environment: Environment, container: Container, issuer: Issuer
) -> None:
    key, number = uuid4().hex, next(_numbers)
    both = (a_requested_identifier(number), ADULT)
    first = await _ask(container, issuer, key, *both)

    await _report(environment, a_report(an_identifier(number)))
    again = await _ask(container, issuer, key, *both)

    assert again.content == first.content
    assert [entry["name"] for entry in _entries(again)] == ["patientTokens", "outcome"]
