"""Work on the database is set-based: the number of statements does not grow with the batch."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.requested_identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.integration.http.support.call import OPERATION, asking_for, request_headers
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


async def _call(container: Container, issuer: Issuer, *identifiers: RequestedIdentifier) -> None:
    headers = request_headers(issuer.access_token())
    async with client_of(container.http_app()) as client:
        await client.post(OPERATION, headers=headers, content=asking_for(*identifiers))


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


async def test_asks_the_database_nothing_before_the_caller_is_authenticated(
    container: Container, statements: Statements
) -> None:
    await _call(container, Issuer(), ADULT)

    assert statements.executed == []
