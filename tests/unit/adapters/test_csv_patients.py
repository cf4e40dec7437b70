"""CSV files of patients."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

import pytest

from adapters.csv.patients import HEADER, read_patients
from adapters.csv.rows import UnknownHeaderError
from domain.patients import PatientRecord
from tests.builders import CHI, HCN, NHS, an_identifier, an_nhs_number
from tests.unit.adapters.readings import problems, records

HEAD = ",".join(HEADER)
NUMBER = an_nhs_number(1)
BORN = date(1984, 2, 29)
RECORD = PatientRecord((an_identifier(1),), BORN, deceased=False, registered=False)
GOOD = f"{NUMBER},,,1984-02-29,,"


def _read(*lines: str) -> dict[int, PatientRecord]:
    return records(read_patients([HEAD, *lines]))


def _problem_of(line: str) -> str:
    [problem] = problems(read_patients([HEAD, line])).values()
    return problem


def test_a_line_is_a_patient() -> None:
    assert _read(GOOD) == {2: RECORD}


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("\ufeff" + HEAD, id="byte-order-mark"),
        pytest.param(HEAD + "\n", id="line-end"),
        pytest.param(HEAD + "\r\n", id="windows-line-end"),
        pytest.param(HEAD.replace(",", ", "), id="spaces"),
        pytest.param(",".join(f'"{name}"' for name in HEADER), id="quoted"),
    ],
)
def test_the_header_may_be_written_so(head: str) -> None:
    assert records(read_patients([head, GOOD])) == {2: RECORD}


def test_the_columns_may_stand_in_any_order() -> None:
    lines = [",".join(reversed(HEADER)), f"true,false,1984-02-29,,,{NUMBER}"]

    [record] = records(read_patients(lines)).values()

    assert record == PatientRecord((an_identifier(1),), BORN, deceased=False, registered=True)


def test_columns_are_known_in_capital_letters_too() -> None:
    [row] = read_patients([HEAD.upper(), GOOD])

    assert row.unwrap().record == RECORD


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="empty-file"),
        pytest.param([""], id="empty-line"),
        pytest.param([GOOD], id="no-header"),
        pytest.param([HEAD.removesuffix(",registered")], id="column-missing"),
        pytest.param([HEAD + ",postcode"], id="column-too-many"),
        pytest.param([HEAD.replace("registered", "deceased")], id="column-twice"),
        pytest.param([HEAD.replace(",", ";")], id="semicolons"),
    ],
)
def test_another_header_is_refused(lines: Iterable[str]) -> None:
    with pytest.raises(UnknownHeaderError) as refused:
        list(read_patients(lines))

    assert str(refused.value) == f"the first line must name the columns {HEAD}"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{NUMBER},,,1984-02-29,false,false", id="false"),
        pytest.param(f"{NUMBER},,,1984-02-29,FALSE,False", id="false-in-capitals"),
        pytest.param(f" {NUMBER} , , , 1984-02-29 , , ", id="spaces"),
        pytest.param(f'"{NUMBER}","","","1984-02-29","",""', id="quoted"),
        pytest.param(GOOD + "\n", id="line-end"),
        pytest.param(GOOD + "\r\n", id="windows-line-end"),
    ],
)
def test_a_line_may_be_written_so(line: str) -> None:
    assert _read(line) == {2: RECORD}


def test_a_patient_may_have_a_number_of_each_system() -> None:
    [record] = _read(",".join([*map(an_nhs_number, (1, 2, 3)), "", "true", ""])).values()

    identifiers = (an_identifier(1, NHS), an_identifier(2, CHI), an_identifier(3, HCN))
    assert record == PatientRecord(identifiers, None, deceased=True, registered=False)


def test_blank_lines_count_and_are_no_patients() -> None:
    assert _read("", GOOD, "  \n", "\r\n", GOOD) == {3: RECORD, 6: RECORD}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(",,,1984-02-29,,", "the line has no identifier", id="no-identifier"),
        pytest.param(
            "9990000019,,,,,",
            "nhs_number is not ten digits with a right check digit",
            id="wrong-check-digit",
        ),
        pytest.param(",12345,,,,", "chi_number is not ten digits with a right check digit", id="too-short"),
        pytest.param(
            f"{NUMBER},,A-4711,,,",
            "health_and_care_number is not ten digits with a right check digit",
            id="second-number-bad",
        ),
        pytest.param(
            f"{NUMBER[:3]}  {NUMBER[3:]},,,,,",
            "nhs_number is not ten digits with a right check digit",
            id="two-spaces",
        ),
        pytest.param(f"{NUMBER},,,,", "the line has 5 of 6 fields", id="field-missing"),
        pytest.param(f"{GOOD},x", "the line has 7 of 6 fields", id="field-too-many"),
        pytest.param(NUMBER, "the line has 1 of 6 fields", id="one-field"),
        pytest.param(f'"{GOOD}', "the line is not CSV", id="unclosed-quote"),
        pytest.param(f'"{NUMBER}"x,,,,,', "the line is not CSV", id="text-after-a-quote"),
        pytest.param(f"{GOOD}\r{GOOD}", "the line is not CSV", id="line-end-in-a-line"),
        pytest.param("9" * 200_000 + ",,,,,", "the line is not CSV", id="enormous-field"),
        pytest.param(f"{NUMBER}\0,,,,,", "nhs_number is not ten digits with a right check digit", id="nul"),
        pytest.param(
            f"{NUMBER}\ufffd,,,,,",
            "nhs_number is not ten digits with a right check digit",
            id="replacement-character",
        ),
    ],
)
def test_a_line_that_is_no_patient_is_bad(line: str, problem: str) -> None:
    assert _problem_of(line) == problem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1984", id="year"),
        pytest.param("1984-02", id="month"),
        pytest.param("1984-02-30", id="no-such-day"),
        pytest.param("1983-02-29", id="no-leap-year"),
        pytest.param("0000-01-01", id="year-zero"),
        pytest.param("19840229", id="without-hyphens"),
        pytest.param("1984-W09-3", id="week"),
        pytest.param("29/02/1984", id="british"),
        pytest.param("1984-2-29", id="one-digit-month"),
        pytest.param("1984-02-29T00:00:00", id="with-time"),
        pytest.param("١٩٨٤-٠٢-٢٩", id="other-digits"),
        pytest.param("unknown", id="word"),
    ],
)
def test_a_date_of_birth_is_a_full_date_or_nothing(text: str) -> None:
    problem = _problem_of(f"{NUMBER},,,{text},,")

    assert problem == "date_of_birth is not a date in the form YYYY-MM-DD"


@pytest.mark.parametrize("flag", ["yes", "1", "0", "t", "truefalse", "null"])
@pytest.mark.parametrize("line", ["{},,,,{},", "{},,,,,{}"], ids=["deceased", "registered"])
def test_a_flag_is_true_false_or_nothing(line: str, flag: str) -> None:
    problem = _problem_of(line.format(NUMBER, flag))

    assert problem == "deceased and registered are true, false or empty"


def test_an_unclosed_quote_spoils_its_own_line_alone() -> None:
    rows = list(read_patients([HEAD, GOOD, f'"{NUMBER},,,,,\n', GOOD]))

    assert ([*records(rows)], [*problems(rows)]) == ([2, 4], [3])


def test_a_row_is_read_when_it_is_asked_for() -> None:
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in (HEAD, GOOD, GOOD, GOOD):
            read.append(line)
            yield line

    first = list(islice(read_patients(lines()), 1))

    assert (records(first), read) == ({2: RECORD}, [HEAD, GOOD])


def test_nothing_is_read_before_a_row_is_asked_for() -> None:
    lines = iter([HEAD, GOOD])

    read_patients(lines)

    assert next(lines) == HEAD


@pytest.mark.parametrize("column", range(len(HEADER)))
def test_a_problem_repeats_nothing_of_the_line(column: int) -> None:
    fields = [NUMBER, an_nhs_number(2), an_nhs_number(3), "1984-02-29", "true", "false"]
    fields[column] = "Xanthippe"

    problem = _problem_of(",".join(fields))

    assert not [field for field in fields[:4] if field in problem]
    assert "Xanthippe" not in problem
