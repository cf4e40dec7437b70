"""Spreadsheets and Windows add empty columns, rows of commas, byte order marks and spaces."""

from collections.abc import Sequence
from datetime import date

import pytest
from returns.result import Failure, Success

from adapters.client.answer_files import read_invitations
from adapters.csv.addressees import read_addressees
from adapters.csv.identifiers import read_identifiers
from adapters.csv.patients import CsvPatients
from application.mailing.write_letters import ListedAddressee, ListedInvitation
from application.ports.patient_files import ReportedRow
from domain.identifiers import PatientIdentifier
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine, ListedIdentifier
from domain.patient_reports import PatientReport
from tests.builders import CHI, HCN, NHS
from tests.letter_builders import CODE, TOKEN, a_join_url, an_issued_invitation
from tests.unit.adapters.csv.readings import problems, reports

NUMBER = "9990000018"
PATIENT = PatientIdentifier(NHS, NUMBER)
REPORT = PatientReport((PATIENT,), date(1984, 2, 29))
JOHN = Addressee((PATIENT,), "John", ("1 St", "Leeds", "LS1 1AA"))
IMPORT = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"
LETTERS = "nhs_number,name,address_1,address_2,postcode"
TOKENS = "system,value,code,token,expiry,join_url"
TOKEN_LINE = f"{NHS.value},{NUMBER},{CODE},{TOKEN},2027-01-01T09:29:23.356+00:00,{a_join_url()}"
EMPTY_ROWS = [",,,,,\n", ",,,,,,,,\r\n", ",\n", '"","",""\n', " , ,\n", "\n", "\u00a0,,,,\n"]


def _read(lines: Sequence[str]) -> list[ReportedRow]:
    return [*CsvPatients(lambda: lines).rows()]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([f"{IMPORT},,,", f"{NUMBER},,,1984-02-29,,,,,"], id="as-wide-as-the-header"),
        pytest.param([f"{IMPORT},,,", f"{NUMBER},,,1984-02-29,,"], id="header-alone"),
        pytest.param([IMPORT, f"{NUMBER},,,1984-02-29,,,,"], id="row-alone"),
        pytest.param([f'{IMPORT}, ,"",', f'{NUMBER},,,1984-02-29,,, ,"",'], id="with-spaces-and-quotes"),
        pytest.param([f",{IMPORT}", f",{NUMBER},,,1984-02-29,,"], id="at-the-left"),
        pytest.param(
            [IMPORT.replace("deceased", ",,deceased"), f"{NUMBER},,,1984-02-29,,,,"], id="in-the-middle"
        ),
    ],
)
def test_import_ignores_empty_columns_without_a_name(lines: Sequence[str]) -> None:
    assert reports(_read(lines)) == {2: REPORT}


def test_import_skips_rows_of_empty_fields() -> None:
    rows = _read([IMPORT, f"{NUMBER},,,1984-02-29,,", *EMPTY_ROWS])

    assert (reports(rows), problems(rows)) == ({2: REPORT}, {})


def test_the_header_comes_after_empty_rows() -> None:
    assert reports(_read(["\ufeff,,\n", "\n", IMPORT, f"{NUMBER},,,1984-02-29,,"])) == {4: REPORT}


def test_letters_ignores_empty_columns_and_rows_in_the_addresses() -> None:
    lines = [f"{LETTERS},,,", f"{NUMBER},John,1 St,Leeds,LS1 1AA,,,", *EMPTY_ROWS]

    assert [*read_addressees(lines)] == [Success(ListedAddressee(2, JOHN))]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param(
            [f"{LETTERS},,,", f"{NUMBER},John,Flat 2, 1 St,Leeds,LS1 1AA,,"],
            "the line has 6 of 5 fields",
            id="at-the-right",
        ),
        pytest.param(
            [f"nhs_number,,{LETTERS.partition(',')[2]}", f"{NUMBER},Mr,John,1 St,Leeds,LS1 1AA"],
            "a field is in a column without a name",
            id="in-the-middle",
        ),
    ],
)
def test_a_field_in_a_column_without_a_name_is_never_dropped(lines: Sequence[str], problem: str) -> None:
    assert [*read_addressees(lines)] == [Failure(BadLine(2, problem))]


def test_letters_ignores_empty_columns_and_rows_in_the_tokens() -> None:
    lines = [f"{TOKENS},,,", f"{TOKEN_LINE},,,", *EMPTY_ROWS]

    assert [*read_invitations(lines, "csv")] == [Success(ListedInvitation(PATIENT, an_issued_invitation()))]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["system,value,,,", f"{NHS.value},{NUMBER},,,"], id="pairs"),
        pytest.param([f"{IMPORT},,,", f"{NUMBER},,,1984-02-29,,,,,"], id="import"),
        pytest.param(["nhs_number,,", f"{NUMBER},,"], id="one-column"),
        pytest.param([",,", f"{NUMBER},,"], id="no-header"),
    ],
)
def test_generate_ignores_empty_columns_and_rows(lines: Sequence[str]) -> None:
    assert [*read_identifiers([*lines, *EMPTY_ROWS])] == [Success(ListedIdentifier(2, PATIENT))]


@pytest.mark.parametrize("mark_of_second", ["", "\ufeff"], ids=["one-file", "joined-files"])
def test_a_byte_order_mark_in_ndjson_is_skipped(mark_of_second: str) -> None:
    fields = zip(TOKENS.split(","), TOKEN_LINE.split(","), strict=True)
    line = "{" + ",".join(f'"{name}":"{value}"' for name, value in fields) + "}"

    read = [*read_invitations([f"\ufeff{line}\n", f"{mark_of_second}{line}\n"], "ndjson")]

    assert read == [Success(ListedInvitation(PATIENT, an_issued_invitation()))] * 2


@pytest.mark.parametrize("printed", ["999 000 0018", "999000 0018", " 999 000 0018 ", '"999 000 0018"'])
def test_a_number_is_read_as_it_is_printed(printed: str) -> None:
    token_line = TOKEN_LINE.replace(NUMBER, printed)

    assert reports(_read([IMPORT, f"{printed},,,1984-02-29,,"])) == {2: REPORT}
    assert reports(_read([IMPORT, f",{printed},{printed},,,"]))[2].identifiers == (
        PatientIdentifier(CHI, NUMBER),
        PatientIdentifier(HCN, NUMBER),
    )
    assert [*read_identifiers([printed])] == [Success(ListedIdentifier(1, PATIENT))]
    assert [*read_addressees([LETTERS, f"{printed},John,1 St,Leeds,LS1 1AA"])] == [
        Success(ListedAddressee(2, JOHN))
    ]
    assert [*read_invitations([TOKENS, token_line], "csv")] == [
        Success(ListedInvitation(PATIENT, an_issued_invitation()))
    ]


@pytest.mark.parametrize("printed", ["999  000 0018", "999-000-0018", "9 9 9\t0000018", "999\n0000018"])
def test_no_other_sign_is_read_into_a_number(printed: str) -> None:
    assert [*read_identifiers(["nhs_number", f'"{printed}"'])] != [Success(ListedIdentifier(2, PATIENT))]
