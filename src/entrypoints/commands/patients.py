"""The commands under `patients`."""

import gc
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from adapters.csv import patients as csv_patients
from adapters.csv.rows import UnknownHeaderError
from adapters.fhir import patient as patient_ndjson
from application.administration.patients import ImportedChunk
from domain.organisations import OrganisationId
from domain.results import failed
from entrypoints.commands.context import OrganisationIdType, administer

_READERS = {".csv": csv_patients.read_patients, ".ndjson": patient_ndjson.read_patients}

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""With Python's default of 700, a third of an import's time went into searches for garbage."""


class _Tally:
    """Counts rows, and reports each bad one as soon as its chunk is stored."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.imported = 0
        self.bad = 0

    def __call__(self, chunk: ImportedChunk) -> None:
        self.imported += chunk.imported
        self.bad += len(chunk.bad_rows)
        for row in chunk.bad_rows:
            self._console.print(f"line {row.line}: {row.problem}", markup=False, highlight=False)


@click.group()
def patients() -> None:
    """Manage the patients."""


@patients.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--organisation",
    required=True,
    metavar="UUID",
    type=OrganisationIdType(),
    help="The organisation that reports the patients.",
)
def import_(file: Path, organisation: OrganisationId) -> None:
    """Import the patients in FILE for an organisation.

    FILE is CSV (.csv) with the header

    \b
    nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered

    or FHIR Patients, one per line (.ndjson). A row replaces the stored facts about the patient. Importing a
    file again changes nothing. The command reports bad rows with their line numbers, and imports the
    others. The exit code is 1 if there were bad rows.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with \b
    read_patients = _READERS.get(file.suffix.lower())
    if read_patients is None:
        raise click.ClickException(f"{file.name} ends neither in .csv nor in .ndjson")
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    console = Console(stderr=True, soft_wrap=True)
    tally = _Tally(console)
    with (
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        # bytes that are not UTF-8 spoil their own row alone
        progress.open(file, "r", encoding="utf-8", errors="replace", description=file.name) as lines,
    ):
        rows = read_patients(lines)
        try:
            imported = administer(lambda use_cases: use_cases.import_patients()(organisation, rows, tally))
        except UnknownHeaderError as error:
            raise click.ClickException(f"{file.name}: {error}") from None
    if failed(imported):
        raise click.ClickException(f"there is no organisation {organisation}; add it first")
    click.echo(f"Imported {tally.imported:,} of {tally.imported + tally.bad:,} rows.")
    if tally.bad:
        raise click.ClickException(f"{tally.bad:,} rows were bad and not imported")
