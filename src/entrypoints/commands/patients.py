"""The commands under `patients`."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

import click
from returns.result import Result
from rich.console import Console
from rich.progress import Progress

from adapters.csv.formats import refuse_file_of_another_format
from adapters.csv.patients import CsvPatients
from adapters.csv.rows import UnknownHeaderError
from adapters.fhir.patient import NdjsonPatients
from application.administration.patients import ImportedChunk, PatientFile
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import BadReport, Contradiction
from domain.results import failed
from entrypoints.commands.context import OrganisationIdType, run
from entrypoints.import_report import problems_of

_Reader: TypeAlias = Callable[[Callable[[], Iterable[str]], date], PatientFile]

_READERS: Mapping[str, _Reader] = {
    ".csv": lambda lines, _today: CsvPatients(lines),
    ".ndjson": NdjsonPatients,
}

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""With Python's default of 700, a third of an import's time went into searches for garbage."""


class _Tally:
    """Counts rows, and reports each one that is not imported as soon as its chunk is stored."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.imported = 0
        self.unchanged = 0
        self.bad = 0
        self.refused = Counter[BadReport | Contradiction]()

    def __call__(self, chunk: ImportedChunk) -> None:
        self.imported += chunk.imported
        self.unchanged += chunk.unchanged
        self.bad += len(chunk.bad_rows)
        self.refused.update(row.rule for row in chunk.refused_rows)
        for problem in problems_of(chunk):
            self._console.print(problem, markup=False, highlight=False)

    def summary(self) -> Iterator[str]:
        """Say what became of the rows."""
        rows = self.imported + self.unchanged + self.bad + self.refused.total()
        yield f"Imported {self.imported:,} of {rows:,} rows; {self.unchanged:,} said nothing new."
        for rule, count in sorted(self.refused.items()):
            yield f"Refused {count:,}: {rule.value}."


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

    or FHIR Patients, one a line (.ndjson). Columns may be missing. An empty field says nothing, and
    changes nothing. A row adds to what is known: it never takes back a death, a registration or a date of
    birth. Rows that contradict what is known, or each other, are refused and change nothing at all.

    Rows that are bad or refused are reported with their line numbers and the others imported; the exit
    code is 1 if there were any. Importing a file again changes nothing.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with \b
    try:
        refuse_file_of_another_format(file)
    except UnknownHeaderError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise click.ClickException(f"{file.name} ends neither in .csv nor in .ndjson")
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    console = Console(stderr=True, soft_wrap=True)
    tally = _Tally(console)
    try:
        imported = _import(file, reader, organisation, tally, console)
    except UnknownHeaderError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    if failed(imported):
        raise click.ClickException(f"there is no organisation {organisation}; add it first")
    for line in tally.summary():
        click.echo(line)
    not_imported = tally.bad + tally.refused.total()
    if not_imported:
        raise click.ClickException(f"{not_imported:,} rows were not imported")


def _import(
    file: Path, reader: _Reader, organisation: OrganisationId, on_chunk: _Tally, console: Console
) -> Result[None, OrganisationUnknown]:
    """Import the file, and show on a terminal how far it is read."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        def lines() -> Iterator[str]:
            # bytes that are not UTF-8 spoil their own row alone
            with progress.open(
                file, "r", encoding="utf-8", errors="replace", description=file.name
            ) as opened:
                yield from opened

        return run(
            lambda container: container.administration().import_patients()(
                organisation, reader(lines, container.system().clock().today()), on_chunk
            )
        )
