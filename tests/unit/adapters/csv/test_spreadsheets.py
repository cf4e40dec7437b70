"""Spreadsheets separate fields by semicolons and tabs, rename columns and spoil numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

import pytest
from returns.result import Failure, Success

from adapters.csv.addressees import read_addressees
from adapters.csv.formats import refuse_other_formats
from adapters.csv.identifiers import read_identifiers
from adapters.csv.patients import HEADER, CsvPatients
from adapters.csv.rows import UnknownHeaderError
from application.mailing.write_letters import ListedAddressee
from domain.identifiers import PatientIdentifier
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine, ListedIdentifier
from domain.patient_reports import PatientReport
from tests.builders import CHI, NHS
from tests.unit.adapters.csv.readings import problems, reports

NUMBER = "9990000018"
PATIENT = PatientIdentifier(NHS, NUMBER)
HEAD = ",".join(HEADER)
ROW = f"{NUMBER},,,1984-02-29,,"
REPORT = PatientReport((PATIENT,), date(1984, 2, 29))
WRONG = "is not ten digits with a right check digit"


def _patients(*lines: str) -> CsvPatients:
    return CsvPatients(lambda: lines)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_semicolons_tabs_and_bars_separate_fields(separator: str) -> None:
    file = _patients(*(line.replace(",", separator) for line in (f"\ufeff{HEAD}\n", f"{ROW}\r\n")))

    assert reports(file.rows()) == {2: REPORT}
    assert [*file.names()] == [((NHS, NUMBER),)]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_comma_in_a_field_needs_no_quotes_then(separator: str) -> None:
    lines = ["nhs_number,name,address_1".replace(",", separator), separator.join([NUMBER, "Ann", "1, St"])]

    [row] = read_addressees(lines)

    assert row == Success(ListedAddressee(2, Addressee((PATIENT,), "Ann", ("1, St",))))


@pytest.mark.parametrize("separator", [";", "|"])
def test_the_hint_for_excel_counts_as_a_line(separator: str) -> None:
    lines = (line.replace(",", separator) for line in (HEAD, ROW))

    assert reports(_patients(f"sep={separator}\n", *lines).rows()) == {3: REPORT}


@pytest.mark.parametrize("end", ["\x1a", "\x1a\n"])
def test_the_end_mark_of_windows_says_nothing(end: str) -> None:
    lines = [HEAD + "\n", ROW + "\n", ROW + end, end]

    assert (reports(_patients(*lines).rows()), problems(_patients(*lines).rows())) == (
        {2: REPORT, 3: REPORT},
        {},
    )
    assert [*_patients(*lines).names()] == [((NHS, NUMBER),)] * 2


@pytest.mark.parametrize(
    ("number", "born"),
    [
        pytest.param(f'="{NUMBER}"', '="1984-02-29"', id="formulas"),
        pytest.param(f'"=""{NUMBER}"""', '"=""1984-02-29"""', id="quoted-formulas"),
        pytest.param(f"'{NUMBER}", "'1984-02-29", id="apostrophes"),
        pytest.param(f"'{NUMBER}'", "'1984-02-29'", id="quotes-of-sql"),
        pytest.param(f"\u2019{NUMBER}", "\u20191984-02-29", id="curly-apostrophes"),
        pytest.param(f"\u202a{NUMBER}\u202c", "\u200e1984-02-29", id="marks-of-direction"),
        pytest.param("\u200b999\u00a0000 0018\ufeff", "\ufeff1984-02-29\u200b", id="invisible-characters"),
    ],
)
def test_what_keeps_a_field_text_or_is_invisible_is_not_part_of_it(number: str, born: str) -> None:
    file = _patients(HEAD, f"{number},,,{born},,")

    assert (reports(file.rows()), problems(file.rows())) == ({2: REPORT}, {})
    assert [*file.names()] == [((NHS, NUMBER),)]
    assert [*read_identifiers(["nhs_number", number])] == [Success(ListedIdentifier(2, PATIENT))]
    assert [*read_identifiers(["system;value", f"{NHS.value};{number}"])] == [
        Success(ListedIdentifier(2, PATIENT))
    ]


def test_a_formula_that_is_a_text_is_that_text_in_names_too() -> None:
    [row] = read_addressees(["nhs_number,name,address_1", f'="{NUMBER}",="O\'Neill","=""1, St"""'])

    assert row == Success(ListedAddressee(2, Addressee((PATIENT,), "O'Neill", ("1, St",))))


@pytest.mark.parametrize("time", [" 00:00", " 00:00:00", "T00:00:00", " 00:00:00.000"])
def test_a_date_may_have_the_time_of_midnight(time: str) -> None:
    assert reports(_patients(HEAD, f"{NUMBER},,,1984-02-29{time},,").rows()) == {2: REPORT}


@pytest.mark.parametrize("time", [" 23:00:00", "T00:00:00Z", "T00:00:00+01:00", " 00:00:01", "T", " 00"])
def test_another_time_may_mean_another_day(time: str) -> None:
    assert {*_problems_of(f"{NUMBER},,,1984-02-29{time},,")} == {
        "date_of_birth is not a date in the form YYYY-MM-DD, unknown or empty"
    }


@pytest.mark.parametrize("first", ["\n", ";;;\n", "\t\t\n", '"";""\n'])
def test_empty_rows_come_before_the_header_too(first: str) -> None:
    assert reports(_patients(first, HEAD.replace(",", ";"), ROW.replace(",", ";")).rows()) == {3: REPORT}


@pytest.mark.parametrize("bad", [f'"{NUMBER};;;;;', f'"{NUMBER}"x;;;;;', f"{NUMBER};;;;;\r;"])
def test_a_line_that_is_not_csv_is_bad_with_semicolons_too(bad: str) -> None:
    rows = [*_patients(HEAD.replace(",", ";"), bad, ROW.replace(",", ";"), ";;;;;\n").rows()]

    assert (problems(rows), reports(rows)) == ({2: "the line is not CSV"}, {3: REPORT})


def test_a_semicolon_between_commas_separates_nothing() -> None:
    assert {*_problems_of(f"{NUMBER};,,,,,")} == {f"nhs_number {WRONG}"}


def test_lines_with_semicolons_are_read_when_they_are_asked_for() -> None:
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in (HEAD, ROW, ROW):
            read.append(line)
            yield line.replace(",", ";")

    [*islice(CsvPatients(lines).rows(), 1)]

    assert read == [HEAD, ROW]


@pytest.mark.parametrize(
    "head",
    [
        "NHS Number,DOB",
        "nhs-number,Date of birth",
        "NHS No.,Birth Date",
        "NHS\u00a0number,date.of.birth",
        " NHS ,D.O.B.",
    ],
)
def test_columns_are_known_in_other_spellings(head: str) -> None:
    assert reports(_patients(head, f"{NUMBER},1984-02-29").rows()) == {2: REPORT}


def test_the_columns_of_letters_are_known_in_other_spellings() -> None:
    head = "H&C Number,CHI No,Full Name,Address Line 1,Address2,Post code"

    [row] = read_addressees([head, f",{NUMBER},Ann,A,B,C"])

    addressee = Addressee((PatientIdentifier(CHI, NUMBER),), "Ann", ("A", "B", "C"))
    assert row == Success(ListedAddressee(2, addressee))


@pytest.mark.parametrize("sign", ["\u200b", "\u200e", "\u00ad", "\ufeff", "\u2060"])
def test_invisible_characters_are_left_out_of_names_and_addresses(sign: str) -> None:
    [row] = read_addressees(["nhs_number,name,address_1", f"{NUMBER},{sign}Zo{sign}ë,1{sign} St{sign}"])

    assert row == Success(ListedAddressee(2, Addressee((PATIENT,), "Zoë", ("1 St",))))


def test_a_column_in_our_spelling_has_the_name_for_itself() -> None:
    assert [*read_identifiers(["NHS Number,nhs_number", f"x,{NUMBER}"])] == [
        Success(ListedIdentifier(2, PATIENT))
    ]


def test_two_other_spellings_of_a_column_are_refused() -> None:
    with pytest.raises(UnknownHeaderError, match="names a column twice"):
        read_identifiers(["NHS Number,NHS No", f"{NUMBER},{NUMBER}"])


def _problems_of(line: str) -> Iterable[str]:
    return problems(_patients(HEAD, line).rows()).values()


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("999000001", "has 9 digits: a spreadsheet drops leading zeros"),
        ("9.43E+09", "is written like 9.99E+09, so its digits are lost"),
        ("9,43e9", "is written like 9.99E+09, so its digits are lost"),
        ("9990000018.0", "is written with decimals"),
    ],
)
def test_a_number_that_a_spreadsheet_spoilt_says_how(number: str, problem: str) -> None:
    advice = "Format the column as text, and export it again."

    assert [*_problems_of(f'"{number}",,,,,')] == [f"nhs_number {problem}. {advice}"]
    assert [*read_identifiers(["system,value", f'{NHS.value},"{number}"'])] == [
        Failure(BadLine(2, f"the number {problem}. {advice}"))
    ]


@pytest.mark.parametrize("space", ["\u00a0", "\u2007", "\u2009", "\u202f"])
def test_other_spaces_are_read_in_printed_numbers(space: str) -> None:
    file = _patients(HEAD, f"999{space}000{space}0018,,,1984-02-29,,")

    assert reports(file.rows()) == {2: REPORT}
    assert [*file.names()] == [((NHS, NUMBER),)]


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(read_identifiers, id="identifiers"),
        pytest.param(read_addressees, id="addressees"),
        pytest.param(lambda lines: [*CsvPatients(lambda: lines).rows()], id="import"),
    ],
)
@pytest.mark.parametrize("lines", [[], ["\ufeff"], ["\n", ",,,\n", ";;\n"]])
def test_an_empty_file_is_refused(read: Callable[[Sequence[str]], object], lines: Sequence[str]) -> None:
    with pytest.raises(UnknownHeaderError) as refused:
        read(lines)

    assert str(refused.value) == "the file is empty"


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"PK\x03\x04", "a spreadsheet"),
        (b"\xd0\xcf\x11\xe0", "a spreadsheet"),
        ("\ufeffnhs_number".encode("utf-16-le"), "UTF-16"),
        ("\ufeffnhs_number".encode("utf-16-be"), "UTF-16"),
        ("nhs_number".encode("utf-16-le"), "UTF-16, or not text"),
        (b"%PDF-1.7", "not text"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_is(head: bytes, named: str) -> None:
    with pytest.raises(UnknownHeaderError) as refused:
        refuse_other_formats(head)

    assert named in str(refused.value)
    assert "CSV UTF-8" in str(refused.value)


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbfnhs_number", "Siân".encode(), "Siân".encode("cp1252")])
def test_text_is_not_refused(head: bytes) -> None:
    refuse_other_formats(head)
