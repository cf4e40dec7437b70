"""Work on the database is set-based: the number of statements does not grow with the batch."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.requested_identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, INELIGIBLE

STATEMENTS = (
    r"^SELECT .*FROM client_grant\b",
    r"^SELECT .*\bpatient_identifier\b",
    r"INSERT INTO invitation\b",
    r"INSERT INTO audit_event\b",
)
"""The look-up of the grant, the batch read, the batch written, and the record of it."""

STATEMENTS_OF_A_QUERY = (STATEMENTS[0], STATEMENTS[1], STATEMENTS[3])
STATEMENTS_OF_A_REFUSAL = (STATEMENTS[0], STATEMENTS[3])


class Statements:
    """What the engines of this process execute, but for the BEGIN that some need."""

    def __init__(self) -> None:
        self.executed: list[str] = []

    def __call__(
        self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, many: Any
    ) -> None:
        assert not many
        if not statement.startswith("BEGIN"):
            self.executed.append(statement)

    def matching(self, pattern: str) -> int:
        return sum(bool(re.search(pattern, statement, re.DOTALL)) for statement in self.executed)


@pytest.fixture
def statements() -> Iterator[Statements]:
    statements = Statements()
    event.listen(Engine, "before_cursor_execute", statements)
    yield statements
    event.remove(Engine, "before_cursor_execute", statements)


async def _call(
    container: Container, issuer: Issuer, *identifiers: RequestedIdentifier, operation: str = OPERATION
) -> None:
    headers = request_headers(issuer.access_token())
    async with client_of(container.http_app()) as client:
        await client.post(operation, headers=headers, content=asking_for(*identifiers))


@pytest.mark.parametrize("identifiers", [CROWD[:1], CROWD, INELIGIBLE], ids=["one", "five_hundred", "nobody"])
async def test_one_statement_reads_a_batch_and_one_writes_it(
    container: Container,
    issuer: Issuer,
    statements: Statements,
    identifiers: tuple[RequestedIdentifier, ...],
) -> None:
    await _call(container, issuer, *identifiers)

    assert {pattern: statements.matching(pattern) for pattern in STATEMENTS} == dict.fromkeys(STATEMENTS, 1)
    assert len(statements.executed) <= len(STATEMENTS)


@pytest.mark.parametrize("times", [1, 10], ids=["five_hundred", "five_thousand"])
async def test_one_statement_reads_the_status_of_all_and_one_records_the_query(
    container: Container, issuer: Issuer, statements: Statements, times: int
) -> None:
    await _call(container, issuer, *CROWD * times, operation=STATUS_OPERATION)

    assert len(statements.executed) == len(STATEMENTS_OF_A_QUERY)
    assert [statements.matching(pattern) for pattern in STATEMENTS_OF_A_QUERY] == [1, 1, 1]


@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_one_statement_records_a_refusal(
    container: Container, issuer: Issuer, statements: Statements, operation: str
) -> None:
    await _call(container, issuer, operation=operation)

    assert len(statements.executed) == len(STATEMENTS_OF_A_REFUSAL)
    assert [statements.matching(pattern) for pattern in STATEMENTS_OF_A_REFUSAL] == [1, 1]


async def test_asks_the_database_nothing_before_the_caller_is_authenticated(
    container: Container, statements: Statements
) -> None:
    await _call(container, Issuer(), ADULT)

    assert statements.executed == []
