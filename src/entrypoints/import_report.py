"""What a command says of the rows of a file that it does not carry out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from application.administration.reported_rows import RefusedRow
from application.ports.patient_files import BadRow
from domain.patient_reports import BadReport, Contradiction

RULES: Mapping[BadReport | Contradiction, str] = {
    BadReport.PLACEHOLDER_NUMBER: (
        "ten equal digits are a placeholder. Leave the number out if it is not known."
    ),
    BadReport.IMPLAUSIBLE_DATE_OF_BIRTH: (
        "the date of birth is before 1880 or after today. Leave it empty if it is not known."
    ),
    Contradiction.OTHER_DATE_OF_BIRTH: (
        "another date of birth is known for this patient. If the file is right, run patients correct."
    ),
    Contradiction.REPORTED_ALIVE: (
        "this patient is known to have died. If the file is right, run patients correct."
    ),
    Contradiction.SEVERAL_PATIENTS: "its identifiers belong to different patients. Check the numbers.",
    Contradiction.SECOND_NUMBER: ("the patient would have a second number of one system. Check the numbers."),
    Contradiction.UNCONFIRMED_IDENTIFIER: (
        "a new number joins a known patient only with the date of birth that is known. "
        "Add the date of birth, or check the numbers."
    ),
    Contradiction.UNKNOWN_PATIENT: "no patient has this number. Check the number, or import the patient.",
    Contradiction.OTHER_ROWS: "another row of this file says something else of this patient. Check both.",
}
"""What each rule says of a row, and what to do. No value is repeated."""


class RowProblems(Protocol):
    """The rows of a chunk that were not carried out."""

    @property
    def bad_rows(self) -> Sequence[BadRow]:
        """The rows that cannot be read."""
        ...

    @property
    def refused_rows(self) -> Sequence[RefusedRow]:
        """The rows that break a rule."""
        ...


def problems_of(chunk: RowProblems) -> Iterator[str]:
    """Say what is wrong with each row that was not carried out, in the order of the lines."""
    problems = [(row.line, row.problem) for row in chunk.bad_rows]
    problems += [(row.line, RULES[row.rule]) for row in chunk.refused_rows]
    for line, problem in sorted(problems):
        yield f"line {line}: {problem}"
