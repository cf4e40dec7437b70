"""A missing, broken or full database is an outage: nothing is stored, and nothing is shown."""

import asyncio
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Pool, event, make_url

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository, SqlRedemptionGrants
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.redemption import SqlRedemptionRepository
from adapters.sql.schema import Schema
from application.ports.redemption import Decision
from domain.access import RedemptionGrant
from tests.builders import (
    HOSPITAL,
    NOW,
    a_grant,
    a_remembered_request,
    a_report,
    a_request_name,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_nhs_number,
    an_organisation,
    reported,
)
from tests.integration.databases import Databases
from tests.integration.sql.rows import row_counts

CALLS: dict[str, Callable[[Database], Awaitable[object]]] = {
    "find-patients": lambda database: SqlPatientRepository(database).find(HOSPITAL, [an_identifier()]),
    "report-patients": lambda database: reported(SqlPatientReportRepository(database), a_report()),
    "add-invitations": lambda database: SqlInvitationRepository(database).add([], an_audit_event()),
    "remember-request": lambda database: SqlInvitationRepository(database).add(
        [], an_audit_event(), a_remembered_request()
    ),
    "find-request": lambda database: SqlIdempotencyRepository(database).find(a_request_name(), NOW),
    "forget-requests": lambda database: SqlIdempotencyRepository(database).forget(NOW),
    "record-call": lambda database: SqlAuditRepository(database).record(an_audit_event()),
    "read-record": lambda database: anext(SqlAuditRepository(database).between(NOW, NOW)),
    "redeem-by-code": lambda database: SqlRedemptionRepository(database).by_code(
        [bytes(32)], NOW, lambda _found: (Decision(None, an_audit_event()), None)
    ),
    "redeem-by-claim": lambda database: SqlRedemptionRepository(database).by_claim(
        [bytes(32)], lambda _found: (Decision(None, an_audit_event()), None)
    ),
    "find-portal": lambda database: SqlRedemptionGrants(database).includes(RedemptionGrant("portal")),
    "find-organisation": lambda database: SqlOrganisationRepository(database).contains(HOSPITAL),
    "add-organisation": lambda database: SqlOrganisationRepository(database).add(an_organisation()),
    "find-grant": lambda database: SqlGrants(database).terms(a_grant()),
    "list-grants": lambda database: SqlGrants(database).all(),
    "add-grant": lambda database: SqlGrants(database).add(a_grant()),
    "remove-grant": lambda database: SqlGrants(database).remove(a_grant()),
    "read-revision": lambda database: Schema(database).revision(),
    "upgrade": lambda database: Schema(database).upgrade(),
}
WRITES = [
    "report-patients",
    "add-invitations",
    "remember-request",
    "forget-requests",
    "record-call",
    "add-organisation",
    "add-grant",
    "remove-grant",
]


@pytest.fixture
async def file(sqlite: Databases) -> Path:
    """Give a migrated SQLite file with an organisation in it."""
    file = Path(make_url(sqlite.migrated_url()).database or "")
    database = _database(file)
    await SqlOrganisationRepository(database).add(an_organisation())
    await database.close()
    return file


def _database(file: Path, query: str = "") -> Database:
    return connect(make_url(f"sqlite+aiosqlite:///{file}{query}"))


@contextmanager
def _no_more_room(file: Path) -> Iterator[None]:
    """Keep every new connection from making the file larger."""
    with closing(sqlite3.connect(file)) as connection:
        [pages] = connection.execute("PRAGMA page_count").fetchone()

    def limit(connection: Any, _entry: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Pool, "connect", limit)
    try:
        yield
    finally:
        event.remove(Pool, "connect", limit)


def _overwrite_all_but_the_first_page(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4096].ljust(len(content), b"\xff"))


@pytest.mark.parametrize("call", CALLS)
async def test_a_file_that_cannot_be_opened_is_an_outage(tmp_path: Path, call: str) -> None:
    database = _database(tmp_path / "no such directory" / "file.db")

    with pytest.raises(StorageUnavailable, match="unable to open database file"):
        await CALLS[call](database)

    await database.close()


@pytest.mark.parametrize("call", CALLS)
async def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path, call: str) -> None:
    (tmp_path / "file.db").write_text("Dear patient, " * 1_000)
    database = _database(tmp_path / "file.db")

    with pytest.raises(StorageUnavailable, match="file is not a database"):
        await CALLS[call](database)

    await database.close()


async def test_a_damaged_file_is_an_outage(file: Path) -> None:
    _overwrite_all_but_the_first_page(file)
    database = _database(file)

    with pytest.raises(StorageUnavailable, match="malformed"):
        await SqlOrganisationRepository(database).contains(HOSPITAL)

    await database.close()


@pytest.mark.parametrize("call", WRITES)
async def test_a_file_that_can_only_be_read_is_an_outage_for_what_writes(file: Path, call: str) -> None:
    database = _database(Path(f"file:{file}"), "?mode=ro&uri=true")

    with pytest.raises(StorageUnavailable, match="readonly"):
        await CALLS[call](database)

    await database.close()


async def test_a_file_that_can_only_be_read_can_be_read(file: Path) -> None:
    database = _database(Path(f"file:{file}"), "?mode=ro&uri=true")

    assert await SqlOrganisationRepository(database).contains(HOSPITAL)
    await database.close()


@pytest.fixture
async def full(file: Path) -> AsyncIterator[Database]:
    """Give a database of one patient and no room for more."""
    database = _database(file)
    await reported(SqlPatientReportRepository(database), a_report())
    await database.close()
    with _no_more_room(file):
        database = _database(file)
        yield database
        await database.close()


async def _store_500_invitations(database: Database) -> object:
    invitations = [an_invitation(f"{number:010}") for number in range(500)]
    return await SqlInvitationRepository(database).add(invitations, an_audit_event())


async def _report_500_patients(database: Database) -> None:
    reports = (a_report(an_identifier(number)) for number in range(500))
    await reported(SqlPatientReportRepository(database), *reports, first=1_000)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(_store_500_invitations, id="add-invitations"),
        pytest.param(_report_500_patients, id="report-patients"),
    ],
)
async def test_a_full_disk_is_an_outage_in_which_nothing_is_stored(
    file: Path, full: Database, call: Callable[[Database], Awaitable[object]]
) -> None:
    before = await row_counts(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(StorageUnavailable, match="full"):
        await call(full)

    assert await row_counts(f"sqlite+aiosqlite:///{file}") == before


async def test_an_outage_shows_neither_the_statement_nor_its_values(full: Database) -> None:
    with pytest.raises(StorageUnavailable) as raised:
        await _report_500_patients(full)

    shown = "".join(traceback.format_exception(raised.value, chain=True))
    assert "INSERT" not in shown
    assert an_nhs_number(1) not in shown


@pytest.mark.full
async def test_writers_wait_for_a_lock_and_for_each_other_in_vain_for_a_while_only(file: Path) -> None:
    database = _database(file)
    registers = [SqlOrganisationRepository(database)] * 20
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(20):
            outcomes = await asyncio.gather(
                *(each.add(an_organisation()) for each in registers), return_exceptions=True
            )

    assert {type(outcome) for outcome in outcomes} == {StorageUnavailable}
    assert not await SqlOrganisationRepository(database).add(an_organisation())
    await database.close()


@pytest.mark.full
def test_a_process_that_cannot_open_the_file_prints_nothing_of_its_threads() -> None:
    script = (
        "import asyncio; from sqlalchemy import make_url\n"
        "from adapters.sql.connect import connect; from adapters.sql.schema import Schema\n"
        "async def ask():\n"
        "    database = connect(make_url('sqlite+aiosqlite:////nowhere/at/all.db'))\n"
        "    assert await Schema(database).problem()\n"
        "    await database.close()\n"
        "for _ in range(100): asyncio.run(ask())\n"
    )

    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert process.stderr == ""
