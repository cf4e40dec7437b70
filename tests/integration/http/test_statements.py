"""Work on the database is set-based: the number of statements does not grow with the batch."""

import re
from collections.abc import Mapping, Sequence
from uuid import uuid4

import pytest

from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, INELIGIBLE
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.sql.statements import recorded_statements

pytestmark = ON_EACH_DATABASE

STATEMENTS = (
    r"^SELECT .*FROM client_grant\b",
    r"^SELECT .*\bpatient_identifier\b",
    r"INSERT INTO invitation\b",
    r"INSERT INTO audit_event\b",
)
"""The look-up of the grant, the batch read, the batch written, and the record of it."""

STATEMENTS_OF_A_REPLAY = (
    STATEMENTS[0],
    r"^SELECT .*FROM remembered_request\b",
    STATEMENTS[1],
    r"^SELECT .*\binvitation\.patient_id\b",
    STATEMENTS[3],
)
"""The look-up of the grant, the first answer, the batch read, what was revoked, and the record of it."""

STATEMENTS_OF_A_QUERY = (STATEMENTS[0], STATEMENTS[1], STATEMENTS[3])
STATEMENTS_OF_A_REFUSAL = (STATEMENTS[0], STATEMENTS[3])


def _matching(pattern: str, statements: Sequence[str]) -> int:
    return sum(bool(re.search(pattern, statement, re.DOTALL)) for statement in statements)


async def _executed(
    container: Container,
    issuer: Issuer,
    *identifiers: RequestedIdentifier,
    operation: str = OPERATION,
    key: str | None = None,
) -> Sequence[str]:
    """Call, and give the statements that the call took."""
    headers = request_headers(issuer.access_token(), {"Idempotency-Key": key})
    app = container.http.app()
    async with recorded_statements() as statements, client_of(app, judged=False) as client:
        await client.post(operation, headers=headers, content=asking_for(*identifiers))
    return statements


@pytest.mark.parametrize("identifiers", [CROWD[:1], CROWD, INELIGIBLE], ids=["one", "five_hundred", "nobody"])
async def test_one_statement_reads_a_batch_and_one_writes_it(
    container: Container, issuer: Issuer, identifiers: tuple[RequestedIdentifier, ...]
) -> None:
    executed = await _executed(container, issuer, *identifiers)

    assert {pattern: _matching(pattern, executed) for pattern in STATEMENTS} == dict.fromkeys(STATEMENTS, 1)
    assert len(executed) <= len(STATEMENTS)


@pytest.mark.parametrize("identifiers", [CROWD[:1], CROWD, INELIGIBLE], ids=["one", "five_hundred", "nobody"])
async def test_one_statement_reads_a_batch_that_is_sent_again_and_none_writes_it(
    environment: Mapping[str, str],
    container: Container,
    issuer: Issuer,
    identifiers: tuple[RequestedIdentifier, ...],
) -> None:
    key = uuid4().hex
    async with open_container(environment) as another:
        await _executed(another, issuer, *identifiers, key=key)

    executed = await _executed(container, issuer, *identifiers, key=key)

    assert [_matching(pattern, executed) for pattern in STATEMENTS_OF_A_REPLAY] == [1, 1, 1, 1, 1]
    assert len(executed) == len(STATEMENTS_OF_A_REPLAY)


@pytest.mark.parametrize("times", [1, 10], ids=["five_hundred", "five_thousand"])
async def test_one_statement_reads_the_status_of_all_and_one_records_the_query(
    container: Container, issuer: Issuer, times: int
) -> None:
    executed = await _executed(container, issuer, *CROWD * times, operation=STATUS_OPERATION)

    assert len(executed) == len(STATEMENTS_OF_A_QUERY)
    assert [_matching(pattern, executed) for pattern in STATEMENTS_OF_A_QUERY] == [1, 1, 1]


@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_one_statement_records_a_refusal(container: Container, issuer: Issuer, operation: str) -> None:
    executed = await _executed(container, issuer, operation=operation)

    assert len(executed) == len(STATEMENTS_OF_A_REFUSAL)
    assert [_matching(pattern, executed) for pattern in STATEMENTS_OF_A_REFUSAL] == [1, 1]


async def test_asks_the_database_nothing_before_the_caller_is_authenticated(container: Container) -> None:
    executed = await _executed(container, Issuer(), ADULT)

    assert executed == []
