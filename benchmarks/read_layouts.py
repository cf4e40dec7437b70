"""Compares layouts of the tables that a batch reads, by the processor time of PostgreSQL.

.venv/bin/python -m benchmarks.read_layouts [--rows 1000000]

All layouts lie in one database, and take batches in turns. docs/adr/0004-set-based-sql.md has the results.
"""

# ruff: noqa: S608 - the statements are made of the constants below alone

import asyncio
import statistics
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg
import click
from msgspec import Struct

from benchmarks.access import ORGANISATION
from benchmarks.database_server import DatabaseServer, database_server
from benchmarks.markdown import table
from benchmarks.patients import draw_identifiers
from benchmarks.population import populate_postgresql
from benchmarks.process_group import ProcessGroup

_DATABASE = "layouts"
_SEED = 20261130
_BATCH = 500
_BATCHES_A_ROUND = 50
_ROUNDS = 9
_FACTS = "date_of_birth, deceased, registered_at, has_holds"


class Layout(Struct, frozen=True):
    """A way to lay out identifiers, patients and care relationships, in tables of its own."""

    name: str
    tables: str
    identifiers: str = "SELECT system, value, patient_id FROM public.patient_identifier"
    patients: str = "SELECT * FROM public.patient"
    relationships: str = "SELECT * FROM public.care_relationship"
    columns: str = _FACTS
    joins: str = "JOIN patient ON patient.id = patient_identifier.patient_id"
    related: str = (
        "LEFT JOIN care_relationship ON care_relationship.organisation_id = $1 "
        "AND care_relationship.patient_id = patient_identifier.patient_id"
    )

    def statements(self, schema: str) -> list[str]:
        """Give the statements that make the tables, as copies of those of the product."""
        copies = {
            "patient_identifier": self.identifiers,
            "patient": self.patients,
            "care_relationship": self.relationships,
        }
        made = [f"CREATE TABLE {name} AS {rows}" for name, rows in copies.items()]
        vacuumed = [f"VACUUM (ANALYZE) {schema}.{name}" for name in copies]
        indexed = [each.strip() for each in self.tables.split(";")]
        return [f"CREATE SCHEMA {schema}", f"SET search_path = {schema}", *made, *indexed, *vacuumed]

    @property
    def read(self) -> str:
        """The statement that reads a batch."""
        known = "care_relationship IS NOT NULL" if self.related else "$1::uuid IS NOT NULL"
        return (
            f"SELECT named.position, patient_identifier.patient_id, {self.columns}, {known} "
            "FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS named (system, value, position) "
            f"JOIN patient_identifier USING (system, value) {self.joins} {self.related}"
        )


_PATIENTS = f"CREATE UNIQUE INDEX ON patient (id) INCLUDE ({_FACTS})"
_IDENTIFIERS = "CREATE UNIQUE INDEX ON patient_identifier (value, system) INCLUDE (patient_id)"
_CARE = "CREATE UNIQUE INDEX ON care_relationship (organisation_id, patient_id)"
_NUMBERED = "(SELECT id, row_number() OVER (ORDER BY id) AS number FROM public.patient) AS numbered"

LAYOUTS = [
    Layout("the product's", f"{_PATIENTS}; {_IDENTIFIERS}; {_CARE}"),
    Layout(
        "keys without what is read, as before revision 0013",
        "CREATE UNIQUE INDEX ON patient (id); "
        f"CREATE UNIQUE INDEX ON patient_identifier (system, value); {_CARE}",
    ),
    Layout(
        "the facts of the patient in the row of each identifier",
        f"{_IDENTIFIERS}; {_CARE}",
        identifiers=f"SELECT system, value, patient_id, {_FACTS} "
        "FROM public.patient_identifier JOIN public.patient ON id = patient_id",
        joins="",
    ),
    Layout(
        "integer ids inside, with the UUID outside",
        f"CREATE UNIQUE INDEX ON patient (number) INCLUDE (id, {_FACTS}); {_IDENTIFIERS}; {_CARE}",
        identifiers="SELECT system, value, number AS patient_id FROM public.patient_identifier "
        f"JOIN {_NUMBERED} ON id = patient_id",
        patients=f"SELECT patient.*, number FROM public.patient JOIN {_NUMBERED} USING (id)",
        relationships="SELECT organisation_id, number AS patient_id FROM public.care_relationship "
        f"JOIN {_NUMBERED} ON id = patient_id",
        columns=f"patient.id, {_FACTS}",
        joins="JOIN patient ON patient.number = patient_identifier.patient_id",
    ),
    Layout(
        "care relationships by patient, then organisation",
        f"{_PATIENTS}; {_IDENTIFIERS}; "
        "CREATE UNIQUE INDEX ON care_relationship (patient_id, organisation_id)",
    ),
    Layout("no look-up of care relationships", f"{_PATIENTS}; {_IDENTIFIERS}; {_CARE}", related=""),
]


async def _measure(server: DatabaseServer, rows: int) -> dict[str, float]:
    """Give the seconds of a batch in each layout: the median of the rounds."""
    await populate_postgresql(server, _DATABASE, rows)
    subjects = []
    for number, layout in enumerate(LAYOUTS):
        schema = f"layout_{number}"
        connection = await asyncpg.connect(server.url(_DATABASE))
        for statement in layout.statements(schema):
            await connection.execute(statement)
        process = ProcessGroup(await connection.fetchval("SELECT pg_backend_pid()"))
        subjects.append((layout, connection, process))
    draw = Random(_SEED)  # noqa: S311 - a choice of patients
    seconds: dict[str, list[float]] = {layout.name: [] for layout in LAYOUTS}
    # the first round warms up
    for number in range(1 + _ROUNDS):
        for layout, connection, process in subjects:
            before = process.cpu_seconds()
            for _ in range(_BATCHES_A_ROUND):
                drawn = draw_identifiers(draw, _BATCH, rows)
                systems, values = [each.system for each in drawn], [each.value for each in drawn]
                await connection.fetch(layout.read, UUID(ORGANISATION), systems, values)
            if number:
                seconds[layout.name].append((process.cpu_seconds() - before) / _BATCHES_A_ROUND)
    for _layout, connection, _process in subjects:
        await connection.close()
    return {name: statistics.median(each) for name, each in seconds.items()}


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Patients in the database.")
def main(rows: int) -> None:
    """Compare the layouts, and print a table."""
    with (
        TemporaryDirectory(prefix="invitations-bench-") as directory,
        database_server(Path(directory)) as server,
    ):
        took = asyncio.run(_measure(server, rows))
    product = took[LAYOUTS[0].name]
    lines = [(name, f"{each * 1000:.1f}", f"{each / product:.2f}") for name, each in took.items()]
    head = ("layout", f"ms of PostgreSQL's processor time for {_BATCH} of {rows:,} patients", "ratio")
    sys.stdout.writelines(f"{line}\n" for line in table(head, *lines))


if __name__ == "__main__":
    main()
