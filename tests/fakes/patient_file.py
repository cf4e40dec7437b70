"""A file of patients in memory."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet

from returns.result import Failure, Result, Success

from application.ports.patient_files import BadRow, Name, PatientFile, PatientRow, ReportedRow
from domain.patient_reports import PatientReport
from domain.results import failed


class InMemoryPatientFile(PatientFile):
    """Rows that can be read as often as needed; `read` opens them."""

    def __init__(self, read: Callable[[], Iterable[ReportedRow]]) -> None:
        self._read = read

    @classmethod
    def of(cls, reports: Iterable[PatientReport]) -> "InMemoryPatientFile":
        """Write a report a line, from line 1 on."""
        rows = [row(line, report) for line, report in enumerate(reports, start=1)]
        return cls(lambda: rows)

    def rows(self) -> Iterator[ReportedRow]:
        yield from self._read()

    def names(self) -> Iterator[tuple[Name, ...]]:
        yield from filter(None, map(_names_in, self._read()))

    def rows_naming(self, names: AbstractSet[Name]) -> Iterator[ReportedRow]:
        return (each for each in self._read() if not names.isdisjoint(_names_in(each)))


def _names_in(row: ReportedRow) -> tuple[Name, ...]:
    if failed(row):
        return ()
    return tuple((each.system, each.value) for each in row.unwrap().report.identifiers)


def row(line: int, report: PatientReport) -> ReportedRow:
    return Success(PatientRow(line, report))


def bad_row(line: int) -> Result[PatientRow, BadRow]:
    return Failure(BadRow(line, "unreadable"))
