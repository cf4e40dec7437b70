"""A file of patients in memory."""

from collections.abc import Callable, Iterable, Iterator

from returns.result import Failure, Result, Success

from application.administration.patients import BadRow, PatientFile, PatientRow, ReportedRow
from domain.patient_reports import PatientReport


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

    def names(self) -> Iterator[tuple[tuple[str, str], ...]]:
        for each in self._read():
            if isinstance(each, Success):
                yield tuple((named.system, named.value) for named in each.unwrap().report.identifiers)


def row(line: int, report: PatientReport) -> ReportedRow:
    return Success(PatientRow(line, report))


def bad_row(line: int) -> Result[PatientRow, BadRow]:
    return Failure(BadRow(line, "unreadable"))
