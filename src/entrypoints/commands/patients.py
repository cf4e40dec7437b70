"""The commands under `patients`."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from adapters.csv.patients import CsvPatients
from adapters.csv.rows import UnknownHeaderError
from adapters.fhir.patient import NdjsonPatients
from application.administration.patients import ImportedChunk, PatientFile
from domain.organisations import OrganisationId
from domain.reports import BadReport, Contradiction
from domain.results import failed
from entrypoints.commands.context import OrganisationIdType, run

_READERS: Mapping[str, Callable[[Callable[[], Iterable[str]]], PatientFile]] = {
    ".csv": CsvPatients,
    ".ndjson": NdjsonPatients,
}

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""At Python's 700, a third of an import's time went into the search for garbage that is not there."""

_RULES: Mapping[BadReport | Contradiction, str] = {
    BadReport.PLACEHOLDER_NUMBER: (
        "ten equal digits are a placeholder. Leave the number out if it is not known."
    ),
    BadReport.IMPLAUSIBLE_DATE_OF_BIRTH: (
        "the date of birth is before 1880 or after today. Leave it empty if it is not known."
    ),
    Contradiction.OTHER_DATE_OF_BIRTH: "another date of birth is known for this patient. Check the file.",
    Contradiction.REPORTED_ALIVE: "this patient is known to have died. Check the file.",
    Contradiction.SEVERAL_PATIENTS: "its identifiers belong to different patients. Check the numbers.",
    Contradiction.SECOND_NUMBER: ("the patient would have a second number of one system. Check the numbers."),
    Contradiction.UNCONFIRMED_IDENTIFIER: (
        "a new number joins a known patient only with the date of birth that is known. "
        "Add the date of birth, or check the numbers."
    ),
    Contradiction.OTHER_ROWS: "another row of this file says something else of this patient. Check both.",
}
"""What each rule says of a row, and what to do. No value is repeated."""


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
        problems = [(row.line, row.problem) for row in chunk.bad_rows]
        problems += [(row.line, _RULES[row.rule]) for row in chunk.refused_rows]
        for line, problem in sorted(problems):
            self._console.print(f"line {line}: {problem}", markup=False, highlight=False)

    def summary(self) -> Iterator[str]:
        """Say what became of the rows."""
        rows = self.imported + self.unchanged + self.bad + self.refused.total()
        yield f"Imported {self.imported:,} of {rows:,} rows; {self.unchanged:,} said nothing new."
        for rule, count in sorted(self.refused.items()):
            yield f"Refused {count:,}: {rule.value}."


@click.group()
def patients() -> None:
    """Manage the patients that are known."""


@patients.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--organisation",
    required=True,
    metavar="UUID",
    type=OrganisationIdType(),
    help="Whose patients they are.",
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
    reader = _reader(file)
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    console = Console(stderr=True, soft_wrap=True)
    tally = _Tally(console)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        def lines() -> Iterator[str]:
            # bytes that are not UTF-8 spoil their own row alone
            with progress.open(
                file, "r", encoding="utf-8", errors="replace", description=file.name
            ) as opened:
                yield from opened

        try:
            imported = run(lambda container: container.import_patients()(organisation, reader(lines), tally))
        except UnknownHeaderError as error:
            raise click.ClickException(f"{file.name}: {error}") from None
    if failed(imported):
        raise click.ClickException(f"there is no organisation {organisation}; add it first")
    for line in tally.summary():
        click.echo(line)
    not_imported = tally.bad + tally.refused.total()
    if not_imported:
        raise click.ClickException(f"{not_imported:,} rows were not imported")


def _reader(file: Path) -> Callable[[Callable[[], Iterable[str]]], PatientFile]:
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise click.ClickException(f"{file.name} ends neither in .csv nor in .ndjson")
    return reader
