"""Lines of names and addresses."""

from collections.abc import Sequence

import pytest
from returns.result import Failure, Success

from adapters.csv.addressees import read_addressees
from adapters.csv.rows import NOT_UTF_8, UnknownHeaderError
from application.mailing.write_letters import ListedAddressee
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine
from tests.builders import CHI, NHS, an_identifier, an_nhs_number

ONE, TWO = map(an_nhs_number, (1, 2))
HEADER = "nhs_number,name,address_1,postcode"


@pytest.mark.parametrize(
    ("lines", "addressee"),
    [
        pytest.param(
            [HEADER, f"{ONE},Ann Brown,3 High Street,LS1 1AA"],
            Addressee((an_identifier(1),), "Ann Brown", ("3 High Street", "LS1 1AA")),
            id="least",
        ),
        pytest.param(
            [
                "postcode,address_5,address_4,address_3,address_2,address_1,name,chi_number,nhs_number",
                f"F,E,D,C,B,A,Ann,{TWO},{ONE}",
            ],
            Addressee((an_identifier(1), an_identifier(2, CHI)), "Ann", ("A", "B", "C", "D", "E", "F")),
            id="all",
        ),
        pytest.param(
            ["\ufeffSystem,Value,Name,Address_1", f"{NHS.value},{ONE},Ann,A"],
            Addressee((an_identifier(1),), "Ann", ("A",)),
            id="system-and-value",
        ),
        pytest.param(
            ["nhs_number,name,address_1,date_of_birth", f'{ONE},"Brown, Ann",A,1980-04-01'],
            Addressee((an_identifier(1),), "Brown, Ann", ("A",)),
            id="other-columns",
        ),
        pytest.param(
            [HEADER, f"{ONE}, Zoe\u0308   Brown ,, "],
            Addressee((an_identifier(1),), "Zo\u00eb Brown", ()),
            id="loose",
        ),
    ],
)
def test_an_addressee_is_read_from_a_line(lines: Sequence[str], addressee: Addressee) -> None:
    assert [*read_addressees(lines)] == [Success(ListedAddressee(2, addressee))]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(",Ann,A,B", "the line has no identifier", id="nobody"),
        pytest.param(
            f"{ONE}0,Ann,A,B", "nhs_number is not ten digits with a right check digit", id="no-number"
        ),
        pytest.param(f"{ONE},Ann", "the line has 2 of 4 fields", id="short"),
        pytest.param(f'{ONE},"Ann', "the line is not CSV", id="quote"),
        pytest.param(f"{ONE},Zo\ufffd,A,B", NOT_UTF_8, id="other-encoding"),
    ],
)
def test_a_bad_line_is_reported_by_number(line: str, problem: str) -> None:
    assert [*read_addressees([HEADER, line, ""])] == [Failure(BadLine(2, problem))]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param("name,address_1", id="no-number"),
        pytest.param("nhs_number,address_1", id="no-name"),
        pytest.param("nhs_number,name,postcode", id="no-address"),
        pytest.param("system,name,address_1", id="no-value"),
        pytest.param("nhs_number,name,address_1,name", id="twice"),
    ],
)
def test_a_file_with_other_columns_is_refused(header: str) -> None:
    with pytest.raises(UnknownHeaderError):
        read_addressees([header, f"{ONE},Ann,A,B"])
