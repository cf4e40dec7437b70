"""What a reader makes of lines, in a form that tests compare."""

from collections.abc import Iterable

from returns.result import Success

from application.ports.patient_files import ReportedRow
from domain.patient_reports import PatientReport


def reports(rows: Iterable[ReportedRow]) -> dict[int, PatientReport]:
    """Give the reports by line."""
    return {row.unwrap().line: row.unwrap().report for row in rows if isinstance(row, Success)}


def problems(rows: Iterable[ReportedRow]) -> dict[int, str]:
    """Give the problems by line."""
    return {row.failure().line: row.failure().problem for row in rows if not isinstance(row, Success)}
