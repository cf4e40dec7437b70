"""CSV files of patients."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

import pytest

from adapters.csv.patients import HEADER, CsvPatients
from adapters.csv.rows import UnknownHeaderError
from domain.patient_reports import PatientReport
from tests.builders import CHI, HCN, NHS, an_identifier, an_nhs_number
from tests.unit.adapters.csv.readings import problems, reports

HEAD = ",".join(HEADER)
NUMBER = an_nhs_number(1)
BORN = date(1984, 2, 29)
REPORT = PatientReport((an_identifier(1),), BORN)
GOOD = f"{NUMBER},,,1984-02-29,,"


def _read(*lines: str) -> dict[int, PatientReport]:
    return reports(CsvPatients(lambda: [HEAD, *lines]).rows())


def _problem_of(line: str) -> str:
    [problem] = problems(CsvPatients(lambda: [HEAD, line]).rows()).values()
    return problem


def test_a_line_is_a_patient() -> None:
    assert _read(GOOD) == {2: REPORT}


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
    assert reports(CsvPatients(lambda: [head, GOOD]).rows()) == {2: REPORT}


def test_the_columns_may_stand_in_any_order() -> None:
    lines = [",".join(reversed(HEADER)), f"true,false,1984-02-29,,,{NUMBER}"]

    [report] = reports(CsvPatients(lambda: lines).rows()).values()

    assert report == PatientReport((an_identifier(1),), BORN, deceased=False, registered=True)


def test_columns_are_known_in_capital_letters_too() -> None:
    [row] = CsvPatients(lambda: [HEAD.upper(), GOOD]).rows()

    assert row.unwrap().report == REPORT


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([GOOD], id="no-header"),
        pytest.param(["date_of_birth,deceased,registered"], id="no-number"),
        pytest.param([HEAD + ",postcode"], id="column-too-many"),
        pytest.param([HEAD.replace("registered", "deceased")], id="column-twice"),
    ],
)
def test_another_header_is_refused(lines: Iterable[str]) -> None:
    with pytest.raises(UnknownHeaderError) as refused:
        list(CsvPatients(lambda: lines).rows())

    assert str(refused.value) == (
        f"the first line must name columns of {HEAD}, each once and one of the numbers"
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f" {NUMBER} , , , 1984-02-29 , , ", id="spaces"),
        pytest.param(f'"{NUMBER}","","","1984-02-29","",""', id="quoted"),
        pytest.param(GOOD + "\n", id="line-end"),
        pytest.param(GOOD + "\r\n", id="windows-line-end"),
    ],
)
def test_a_line_may_be_written_so(line: str) -> None:
    assert _read(line) == {2: REPORT}


def test_columns_may_be_missing_or_without_a_name() -> None:
    lines = ["date_of_birth,nhs_number,,", f"1984-02-29,{NUMBER},,"]

    assert reports(CsvPatients(lambda: lines).rows()) == {2: REPORT}


def test_an_empty_field_says_nothing() -> None:
    assert _read(f"{NUMBER},,,,,") == {2: PatientReport((an_identifier(1),))}


@pytest.mark.parametrize("text", ["unknown", "UNKNOWN", " Unknown "])
def test_a_date_of_birth_may_be_said_to_be_unknown(text: str) -> None:
    assert _read(f"{NUMBER},,,{text},,") == {2: PatientReport((an_identifier(1),), birth_unknown=True)}


@pytest.mark.parametrize(
    ("flag", "said"), [("true", True), ("TRUE", True), ("false", False), ("False", False), ("", None)]
)
def test_a_flag_says_yes_no_or_nothing(flag: str, said: bool | None) -> None:  # noqa: FBT001 - a case
    assert _read(f"{NUMBER},,,,{flag},{flag}") == {
        2: PatientReport((an_identifier(1),), deceased=said, registered=said)
    }


def test_a_patient_may_have_a_number_of_each_system() -> None:
    [report] = _read(",".join([*map(an_nhs_number, (1, 2, 3)), "", "true", ""])).values()

    identifiers = (an_identifier(1, NHS), an_identifier(2, CHI), an_identifier(3, HCN))
    assert report == PatientReport(identifiers, deceased=True)


def test_blank_lines_count_and_are_no_patients() -> None:
    assert _read("", GOOD, "  \n", "\r\n", GOOD) == {3: REPORT, 6: REPORT}


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
            'the line is not UTF-8, but perhaps Windows-1252 ("ANSI"). Save the file as "CSV UTF-8".',
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
        pytest.param("1984-02-29T12:30:00", id="with-time"),
        pytest.param("١٩٨٤-٠٢-٢٩", id="other-digits"),
        pytest.param("not known", id="words"),
    ],
)
def test_a_date_of_birth_is_a_full_date_unknown_or_nothing(text: str) -> None:
    problem = _problem_of(f"{NUMBER},,,{text},,")

    assert problem == "date_of_birth is not a date in the form YYYY-MM-DD, unknown or empty"


@pytest.mark.parametrize("flag", ["yes", "1", "0", "t", "truefalse", "null"])
@pytest.mark.parametrize("line", ["{},,,,{},", "{},,,,,{}"], ids=["deceased", "registered"])
def test_a_flag_is_true_false_or_nothing(line: str, flag: str) -> None:
    problem = _problem_of(line.format(NUMBER, flag))

    assert problem == "deceased and registered are true, false or empty"


def test_an_unclosed_quote_spoils_its_own_line_alone() -> None:
    rows = list(CsvPatients(lambda: [HEAD, GOOD, f'"{NUMBER},,,,,\n', GOOD]).rows())

    assert ([*reports(rows)], [*problems(rows)]) == ([2, 4], [3])


def test_a_row_is_read_when_it_is_asked_for() -> None:
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in (HEAD, GOOD, GOOD, GOOD):
            read.append(line)
            yield line

    first = list(islice(CsvPatients(lines).rows(), 1))

    assert (reports(first), read) == ({2: REPORT}, [HEAD, GOOD])


def test_nothing_is_read_before_a_row_is_asked_for() -> None:
    lines = iter([HEAD, GOOD])

    CsvPatients(lambda: lines).rows()

    assert next(lines) == HEAD


@pytest.mark.parametrize("column", range(len(HEADER)))
def test_a_problem_repeats_nothing_of_the_line(column: int) -> None:
    fields = [NUMBER, an_nhs_number(2), an_nhs_number(3), "1984-02-29", "true", "false"]
    fields[column] = "Xanthippe"

    problem = _problem_of(",".join(fields))

    assert not [field for field in fields[:4] if field in problem]
    assert "Xanthippe" not in problem


def test_names_are_the_numbers_of_each_line_with_their_systems() -> None:
    file = CsvPatients(
        lambda: [HEAD, f"{NUMBER}, x ,,1984,,\n", "\n", f'"{NUMBER}",,,"",,', f",,{NUMBER},,,"]
    )

    assert list(file.names()) == [((NHS, NUMBER), (CHI, "x")), ((NHS, NUMBER),), ((HCN, NUMBER),)]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{NUMBER},{NUMBER},,,,\r\n", id="plain"),
        pytest.param(f'"{NUMBER}",,"{NUMBER}","","",\n', id="quoted"),
        pytest.param("999 000 0018,,999000 0018 ,,,\n", id="printed-with-spaces"),
        pytest.param(
            ' 999 000 0018,"999 000 0018"," 9990 000018 ",,,\n', id="printed-with-spaces-and-quoted"
        ),
        pytest.param(f"{NUMBER},{NUMBER},,,,,,\n", id="spare-columns"),
        pytest.param(f'"{NUMBER}",999 000 0018,,,,,"", \n', id="spare-columns-and-quoted"),
    ],
)
def test_names_are_those_of_every_row_that_can_be_read(line: str) -> None:
    file = CsvPatients(lambda: [HEAD, line, f'"{NUMBER},,,,,\n', f"{NUMBER},,,", GOOD])

    of_rows = [
        tuple((each.system, each.value) for each in row.identifiers) for row in reports(file.rows()).values()
    ]

    assert len(of_rows) == 2
    assert {*of_rows} <= {*file.names()}


@pytest.mark.parametrize("sign", ['"', "\r", "\0", '"\r', '"\r,"', '"\0'])
def test_names_of_a_line_that_is_not_csv_spoil_no_other(sign: str) -> None:
    file = CsvPatients(lambda: [HEAD, f"x{sign}x,,,,,\n", f'"{"9" * 200_000}",,,,,\n', GOOD])

    assert [*file.names()][-1] == ((NHS, NUMBER),)


def test_the_rows_with_one_of_these_names_are_read_with_their_lines_good_or_bad() -> None:
    lines = [HEAD, f"{an_nhs_number(2)},,,,,\n", f" {NUMBER} ,,,,,", f"x,{NUMBER},,,,", f"{NUMBER},,,x,,"]
    file = CsvPatients(lambda: lines)

    rows = [*file.rows_naming({(NHS, NUMBER)})]

    assert (reports(rows), [*problems(rows)]) == ({3: PatientReport((an_identifier(1),))}, [5])


def test_a_file_can_be_read_again() -> None:
    file = CsvPatients(lambda: [HEAD, GOOD])

    assert [reports(file.rows()) for _ in range(2)] == [{2: REPORT}] * 2


def test_where_the_numbers_alone_are_read_nothing_else_makes_a_row_bad() -> None:
    lines = [",".join(HEADER), f"{NUMBER},,,31/12/1960,yes,no", ",,,1960-12-31,,", "1,,,,,"]

    file = CsvPatients(lambda: lines, numbers_alone=True)

    assert reports(file.rows()) == {2: PatientReport((an_identifier(1),))}
    assert [*problems(file.rows())] == [3, 4]
