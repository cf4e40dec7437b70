"""Fills databases with patients who may all be invited, which is the most expensive case."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from itertools import islice
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import make_url
from uuid_utils.compat import uuid7

from adapters.sql.connect import connect
from adapters.sql.schema import Schema
from benchmarks.access import ORGANISATION
from benchmarks.database_server import DatabaseServer
from benchmarks.patients import BORN, nhs_numbers
from domain.identifiers import IdentifierSystem
from entrypoints.demo.service import CLIENT_ID

_CHUNK = 100_000
_TABLES = {
    "patient": ("id", "date_of_birth", "deceased", "registered_at"),
    "patient_identifier": ("system", "value", "patient_id"),
    "care_relationship": ("organisation_id", "patient_id"),
}
"""The tables that have a row for each patient, and the columns that are filled."""

_ORGANISATION = "INSERT INTO organisation (id, name) VALUES ('{organisation}', 'Benchmark Hospital')"
_GRANT = "INSERT INTO client_grant (client_id, organisation_id) VALUES ('{client}', '{organisation}')"

# digests that no code has: what is claimed is issued by the service
_INVITATIONS = """
INSERT INTO invitation (patient_id, code_digest, token_digest,
                        organisation_id, request_id, key_id, issued_at, expires_at)
SELECT id, sha256(uuid_send(gen_random_uuid())), sha256(uuid_send(id)),
       $1, md5((row_number() OVER () / 500)::text)::uuid, 'bench', now(), now() + interval '30 days'
FROM patient LIMIT $2
"""


async def populate_postgresql(server: DatabaseServer, database: str, rows: int) -> None:
    """Create a database with this number of patients of one organisation, by COPY."""
    await server.execute(f"CREATE DATABASE {database}")
    await _create_schema(server.sqlalchemy_url(database))
    connection = await asyncpg.connect(server.url(database))
    try:
        for statement in (_ORGANISATION, _GRANT):
            await connection.execute(statement.format(organisation=ORGANISATION, client=CLIENT_ID))
        numbered = _numbered(rows)
        while chunk := list(islice(numbered, _CHUNK)):
            for table, columns in _TABLES.items():
                await connection.copy_to_table(table, columns=columns, source=_copied(table, chunk))
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def invite_patients(server: DatabaseServer, database: str, rows: int) -> None:
    """Leave a database with this number of invitations, as if batches of 500 had been invited once."""
    connection = await asyncpg.connect(server.url(database))
    try:
        await connection.execute("TRUNCATE invitation")
        await connection.execute(_INVITATIONS, ORGANISATION, rows)
        await connection.execute("VACUUM (ANALYZE) invitation")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def populate_sqlite(file: Path, rows: int) -> None:
    """Create a SQLite file with this number of patients of one organisation."""
    await _create_schema(f"sqlite+aiosqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        organisation = UUID(ORGANISATION).hex
        for statement in (_ORGANISATION, _GRANT):
            connection.execute(statement.format(organisation=organisation, client=CLIENT_ID))
        numbered = _numbered(rows)
        system = IdentifierSystem.NHS_NUMBER.value
        while chunk := [(number, patient_id.hex) for number, patient_id in islice(numbered, _CHUNK)]:
            for table, values in (
                ("patient", f"?2, '{BORN}', 0, NULL"),
                ("patient_identifier", f"'{system}', ?1, ?2"),
                ("care_relationship", f"'{organisation}', ?2"),
            ):
                columns = ", ".join(_TABLES[table])
                connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", chunk)  # noqa: S608 - constants
        connection.commit()
        connection.execute("ANALYZE")


async def _create_schema(url: str) -> None:
    database = connect(make_url(url))
    await Schema(database).upgrade()
    await database.close()


def _numbered(rows: int) -> Iterator[tuple[str, UUID]]:
    return ((number, uuid7()) for number in islice(nhs_numbers(), rows))


def _copied(table: str, patients: list[tuple[str, UUID]]) -> BytesIO:
    """Write the rows of a table in the text format of COPY."""
    system = IdentifierSystem.NHS_NUMBER.value
    match table:
        case "patient":
            lines = [f"{patient_id.hex}\t{BORN}\tf\t\\N\n" for _number, patient_id in patients]
        case "patient_identifier":
            lines = [f"{system}\t{number}\t{patient_id.hex}\n" for number, patient_id in patients]
        case _:
            lines = [f"{ORGANISATION}\t{patient_id.hex}\n" for _number, patient_id in patients]
    return BytesIO("".join(lines).encode())
