"""Files of patients on the command line: how they are read, and what a command says of their rows."""

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Self, TypeAlias

import click
from rich.console import Console
from rich.progress import Progress

from adapters.csv.formats import refuse_file_of_another_format
from adapters.csv.patients import CsvPatients
from adapters.csv.rows import UnknownHeaderError
from adapters.fhir.patient import NdjsonPatients
from application.administration.named_patients import ChangedChunk
from application.administration.patients import ImportedChunk
from application.administration.record_command import CommandReport
from application.ports.patient_files import PatientFile
from domain.patient_reports import BadReport, Contradiction
from domain.patients import PatientId
from entrypoints.import_report import RowProblems, problems_of

_Reader: TypeAlias = Callable[[Callable[[], Iterable[str]], date, bool], PatientFile]

_READERS: Mapping[str, _Reader] = {
    ".csv": lambda lines, _today, numbers_alone: CsvPatients(lines, numbers_alone=numbers_alone),
    ".ndjson": lambda lines, today, numbers_alone: NdjsonPatients(lines, today, numbers_alone=numbers_alone),
}

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""With Python's default of 700, a third of an import's time went into searches for garbage."""


class _RegularFile(click.Path):
    """A file that can be read more than once, which a pipe cannot."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        path = super().convert(value, param, ctx)
        if not Path(os.fsdecode(path)).is_file():
            self.fail("it is read more than once: give a file, not a pipe or a device", param, ctx)
        return path


file_argument = click.argument("file", type=_RegularFile(exists=True, dir_okay=False, path_type=Path))


class Tally:
    """Counts rows, and reports each one that is not carried out as soon as its chunk is stored."""

    def __init__(self, console: Console) -> None:
        """Print problems on `console`."""
        self._console = console
        self.carried_out = 0
        self.unchanged = 0
        self.bad = 0
        self.restricted = 0
        self.refused = Counter[BadReport | Contradiction]()
        self.patients: list[PatientId] = []

    def imported(self, chunk: ImportedChunk) -> None:
        """Count a chunk of an import or a correction."""
        self.carried_out += chunk.imported
        self.unchanged += chunk.unchanged
        self.restricted += chunk.restricted
        self._report(chunk)

    def changed(self, chunk: ChangedChunk) -> None:
        """Count a chunk of a command that changes the patients whom a file names."""
        self.carried_out += len(chunk.changed)
        self.unchanged += chunk.unchanged
        self.patients += chunk.changed
        self._report(chunk)

    @property
    def not_carried_out(self) -> int:
        """How many rows are bad or refused."""
        return self.bad + self.refused.total()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.carried_out + self.unchanged + self.not_carried_out

    def report(self) -> CommandReport:
        """Say what goes on record."""
        counts = {
            "changed": self.carried_out,
            "unchanged": self.unchanged,
            "bad": self.bad,
            **{f"refused-{rule}": count for rule, count in sorted(self.refused.items())},
        }
        return CommandReport(counts, tuple(self.patients), self.not_carried_out)

    def refusals(self) -> Iterator[str]:
        """Say how many rows were refused by each rule."""
        for rule, count in sorted(self.refused.items()):
            yield f"Refused {count:,}: {rule.value}."

    def fail_if_incomplete(self, done: str) -> None:
        """Raise click.ClickException if rows were bad or refused; `done` is what was not done to them."""
        if self.not_carried_out:
            rows = "1 row was" if self.not_carried_out == 1 else f"{self.not_carried_out:,} rows were"
            raise click.ClickException(f"{rows} not {done}")

    def _report(self, chunk: RowProblems) -> None:
        self.bad += len(chunk.bad_rows)
        self.refused.update(row.rule for row in chunk.refused_rows)
        for problem in problems_of(chunk):
            self._console.print(problem, markup=False, highlight=False)


class OpenedPatients:
    """A file of patients that a command reads, with a bar on a terminal for how far it is read.

    `digest` goes on record: the SHA-256 in hexadecimal digits.
    """

    def __init__(self, file: Path) -> None:
        """Choose the reader by the file's name. Raises click.ClickException for an unknown kind of file."""
        self._version = _version(file.stat())
        self.digest = _sha256_of(file)
        try:
            refuse_file_of_another_format(file)
        except UnknownHeaderError as error:
            raise click.ClickException(f"{file.name}: {error}") from None
        reader = _READERS.get(file.suffix.lower())
        if reader is None:
            raise click.ClickException(f"{file.name} ends neither in .csv nor in .ndjson")
        self._file = file
        self._reader = reader
        self._console = Console(stderr=True, soft_wrap=True)
        self._progress = Progress(
            console=self._console, transient=True, disable=not self._console.is_terminal
        )
        self.tally = Tally(self._console)

    def __enter__(self) -> Self:
        """Show the bar."""
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        self._progress.start()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Hide the bar. Raises click.ClickException in place of UnknownHeaderError."""
        self._progress.stop()
        if isinstance(error, UnknownHeaderError):
            raise click.ClickException(f"{self._file.name}: {error}") from None

    def patients(self, today: date, *, numbers_alone: bool = False) -> PatientFile:
        """Give what reads the file; `numbers_alone` is whether a row is good whatever else it says."""
        return self._reader(self._lines, today, numbers_alone)

    def _lines(self) -> Iterator[str]:
        # bytes that are not UTF-8 spoil their own row alone
        with self._progress.open(
            self._file, "r", encoding="utf-8", errors="replace", description=self._file.name
        ) as opened:
            self._refuse_another_version(opened.fileno())
            yield from opened
            self._refuse_another_version(opened.fileno())

    def _refuse_another_version(self, descriptor: int) -> None:
        # the rows would not be those whose digest is on record, nor those whose numbers were compared
        if _version(os.fstat(descriptor)) != self._version:
            raise click.ClickException(
                f"{self._file.name} was changed while it was read. Run the command again with the file as it "
                "is now."
            )


def _version(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
