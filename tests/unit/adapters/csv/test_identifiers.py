"""Identifiers are read from several kinds of files."""

from collections.abc import Sequence

import pytest
from returns.result import Failure, Success

from adapters.csv.identifiers import read_identifiers
from adapters.csv.rows import UnknownHeaderError
from domain.identifiers import PatientIdentifier
from domain.mailing.work_list import BadLine, ListedIdentifier
from tests.builders import CHI, NHS, an_nhs_number

ONE, TWO = map(an_nhs_number, (1, 2))
IMPORT = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"


@pytest.mark.parametrize(
    ("lines", "line", "system"),
    [
        pytest.param([ONE], 1, NHS, id="plain"),
        pytest.param(["", f" {ONE} "], 2, NHS, id="plain-with-blanks"),
        pytest.param([f"\ufeff{ONE}"], 1, NHS, id="byte-order-mark"),
        pytest.param(["system,value", f"{CHI.value},{ONE}"], 2, CHI, id="pairs"),
        pytest.param(["value,System,note", f'{ONE},"{NHS.value}",x'], 2, NHS, id="pairs-and-more"),
        pytest.param([IMPORT, f"{ONE},{TWO},,1984-02-29,,"], 2, NHS, id="import-first-number"),
        pytest.param([IMPORT, f",{ONE},,,true,"], 2, CHI, id="import-the-number-there-is"),
    ],
)
def test_an_identifier_is_read_from_each_form(lines: Sequence[str], line: int, system: str) -> None:
    identifier = PatientIdentifier.parse(system, ONE).unwrap()

    assert [*read_identifiers(lines)] == [Success(ListedIdentifier(line, identifier))]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param(
            [ONE, "9990000019"], "nhs_number is not ten digits with a right check digit", id="digit"
        ),
        pytest.param(
            [ONE, "999 000 0019"], "nhs_number is not ten digits with a right check digit", id="gap"
        ),
        pytest.param([ONE, f"{TWO},{TWO}"], "the line has 2 of 1 fields", id="two"),
        pytest.param([ONE, '"'], "the line is not CSV", id="quote"),
        pytest.param(
            ["system,value", f"urn:x,{ONE}"],
            "the system is not that of NHS, CHI or Health & Care numbers",
            id="system",
        ),
        pytest.param(["system,value,note", ",,x"], "the line has no identifier", id="empty-pair"),
        pytest.param([IMPORT, ",,,,true,"], "the line has no identifier", id="empty-row"),
    ],
)
def test_a_bad_line_is_reported_by_number(lines: Sequence[str], problem: str) -> None:
    assert [*read_identifiers(lines)][-1] == Failure(BadLine(2, problem))


@pytest.mark.parametrize("first", ["name,number", "patients", f"{ONE},{TWO}"])
def test_a_file_of_another_kind_is_refused(first: str) -> None:
    with pytest.raises(UnknownHeaderError):
        read_identifiers([first, ONE])


def test_a_column_that_is_named_twice_is_refused() -> None:
    with pytest.raises(UnknownHeaderError) as refused:
        read_identifiers(["nhs_number,note,note,nhs_number", f"{ONE},,,{TWO}"])

    assert str(refused.value) == "the first line names a column twice"
