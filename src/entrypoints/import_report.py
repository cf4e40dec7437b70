"""What an import says of the rows that it does not import."""

from collections.abc import Iterator, Mapping

from application.administration.patients import ImportedChunk
from domain.patient_reports import BadReport, Contradiction

RULES: Mapping[BadReport | Contradiction, str] = {
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


def problems_of(chunk: ImportedChunk) -> Iterator[str]:
    """Say what is wrong with each row that is not imported, in the order of the lines."""
    problems = [(row.line, row.problem) for row in chunk.bad_rows]
    problems += [(row.line, RULES[row.rule]) for row in chunk.refused_rows]
    for line, problem in sorted(problems):
        yield f"line {line}: {problem}"
