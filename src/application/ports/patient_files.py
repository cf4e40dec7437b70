"""The port to files of patients, and the rows that are read from them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.patient_reports import PatientReport


class PatientRow(Struct, frozen=True):
    """A report, and the line that it stands in."""

    line: int
    report: PatientReport


class BadRow(Struct, frozen=True):
    """A line that cannot be read, and why; `problem` repeats nothing of the line."""

    line: int
    problem: str


ReportedRow: TypeAlias = Result[PatientRow, BadRow]

Name: TypeAlias = tuple[str, str]
"""The system and the value of an identifier, not judged yet."""


class PatientFile(Protocol):
    """Reports of patients that can be read from the beginning as often as needed."""

    def rows(self) -> Iterator[ReportedRow]:
        """Read the rows, one by one."""
        ...

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the names that count in each row that has any, cheaply; bad rows may be left out."""
        ...

    def rows_naming(self, names: AbstractSet[Name]) -> Iterator[ReportedRow]:
        """Read the rows that have one of these names, and pass over the others cheaply."""
        ...
