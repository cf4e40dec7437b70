"""PostgreSQL reads a batch from indexes alone, without a page of a table."""

import re
from datetime import date

import asyncpg
import pytest
from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.tables import ALL_ORGANISATIONS
from tests.builders import HOSPITAL, NHS, an_nhs_number
from tests.integration.sql.statements import recorded_statements

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

NUMBERS = [an_nhs_number(number) for number in range(1, 501)]
TABLES = ("patient", "patient_identifier", "care_relationship")
SCAN = re.compile(r"(\w[\w ]* Scan)(?: using \w+)? on (\w+)")
# what autovacuum does when a table has grown by a fiftieth
VACUUM = f"VACUUM (ANALYZE) {', '.join(TABLES)}"


async def _finding(url: str) -> str:
    database = connect(make_url(url))
    async with recorded_statements() as statements:
        await SqlPatientRepository(database).find(HOSPITAL, [])
    await database.close()
    [statement] = statements
    return statement


async def test_identifiers_patients_and_care_relationships_are_read_from_their_indexes(
    migrated_database_url: str,
) -> None:
    statement = await _finding(migrated_database_url)
    url = migrated_database_url.replace("postgresql+asyncpg://", "postgresql://")
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO patient (id, deceased) SELECT gen_random_uuid(), false FROM generate_series(1, 2000)"
    )
    await connection.execute(
        "INSERT INTO patient_identifier SELECT 'system', number::text, id "
        "FROM (SELECT id, row_number() OVER () AS number FROM patient) AS numbered"
    )
    await connection.execute("INSERT INTO care_relationship SELECT $1::uuid, id FROM patient", HOSPITAL.value)
    await connection.execute(VACUUM)
    # as with a million rows
    await connection.execute("SET enable_seqscan = off")

    # the last day, the organisation, that of all organisations, the first position, and the batch
    parameters = (date.max, HOSPITAL.value, ALL_ORGANISATIONS, 1, [NHS] * len(NUMBERS), NUMBERS)
    plan = [row[0] for row in await connection.fetch(f"EXPLAIN {statement}", *parameters)]

    await connection.close()
    scans = [match.groups() for line in plan if (match := SCAN.search(line))]
    assert {table: kind for kind, table in scans if table in TABLES} == dict.fromkeys(
        TABLES, "Index Only Scan"
    )
