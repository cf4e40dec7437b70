"""Patients as a FHIR server exports them."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest

from adapters.fhir.patient import NdjsonPatients
from domain.identifiers import IdentifierSystem
from domain.patient_reports import PatientReport
from domain.results import failed
from tests.builders import CHI, HCN, NHS, TODAY, an_identifier, an_nhs_number
from tests.unit.adapters.fhir.patient_lines import (
    a_line,
    a_national_identifier,
    problem_of,
    problems_in,
    report_of,
    reports_in,
)

BORN = date(1984, 2, 29)
NOT_A_PATIENT = "the line is not a FHIR Patient in JSON"
NO_NUMBER = "the Patient has no NHS, CHI or Health & Care number"
WRONG_NUMBER = "a national identifier is not a valid number"
DEEP = "[" * 100_000 + "]" * 100_000


def test_a_line_is_a_patient_of_whose_registration_nothing_is_said() -> None:
    reports = reports_in(a_line())

    assert reports == {1: PatientReport((an_identifier(1),), BORN, deceased=None, registered=None)}


@pytest.mark.parametrize("system", IdentifierSystem)
def test_an_identifier_of_each_national_system_counts(system: IdentifierSystem) -> None:
    report = report_of(a_line(identifier=[a_national_identifier(7, system)]))

    assert report.identifiers == (an_identifier(7, system),)


def test_identifiers_of_other_systems_are_skipped() -> None:
    others = [
        {"system": "https://hospital.example/record-number", "value": "A-4711"},
        {"system": "https://hospital.example/record-number"},
        {"value": "9999999999"},
        {"type": {"text": "Passport"}, "value": "C01X00T47"},
    ]

    report = report_of(
        a_line(
            identifier=[others[0], a_national_identifier(1, CHI), *others[1:], a_national_identifier(2, HCN)]
        )
    )

    assert report.identifiers == (an_identifier(1, CHI), an_identifier(2, HCN))


@pytest.mark.parametrize(
    ("birth_date", "known"),
    [
        pytest.param("1984-02-29", BORN, id="full"),
        pytest.param("1984-02", None, id="month"),
        pytest.param("1984", None, id="year"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_a_date_of_birth_counts_if_it_is_known_in_full(birth_date: str | None, known: date | None) -> None:
    assert report_of(a_line(birthDate=birth_date)).date_of_birth == known


@pytest.mark.parametrize(
    ("elements", "deceased"),
    [
        pytest.param({"deceasedBoolean": True}, True, id="true"),
        pytest.param({"deceasedBoolean": False}, False, id="false"),
        pytest.param({"deceasedDateTime": "2026-11-01T10:00:00Z"}, True, id="moment"),
        pytest.param({"deceasedDateTime": "2026"}, True, id="year"),
        pytest.param({}, None, id="nothing-said"),
    ],
)
def test_a_patient_may_have_died(elements: dict[str, object], *, deceased: bool | None) -> None:
    assert report_of(a_line(**elements)).deceased == deceased


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", NOT_A_PATIENT, id="broken-json"),
        pytest.param("Xanthippe", NOT_A_PATIENT, id="no-json"),
        pytest.param("[]", NOT_A_PATIENT, id="array"),
        pytest.param("{}", NOT_A_PATIENT, id="no-resource-type"),
        pytest.param(a_line() + a_line(), NOT_A_PATIENT, id="two-on-a-line"),
        pytest.param(a_line(resourceType="Practitioner"), NOT_A_PATIENT, id="another-resource"),
        pytest.param(a_line(identifier={}), NOT_A_PATIENT, id="identifier-not-repeated"),
        pytest.param(a_line(birthDate=1984), NOT_A_PATIENT, id="birth-date-a-number"),
        pytest.param(a_line(deceasedBoolean="true"), NOT_A_PATIENT, id="flag-a-text"),
        pytest.param(DEEP, NOT_A_PATIENT, id="100-000-nested-arrays"),
        pytest.param(a_line(extension="DEEP").replace('"DEEP"', DEEP), NOT_A_PATIENT, id="nested-unread"),
        pytest.param('{"resourceType":"Patient","id":"\ud800"', NOT_A_PATIENT, id="lone-surrogate"),
        pytest.param(a_line(identifier=None), NO_NUMBER, id="no-identifier"),
        pytest.param(a_line(identifier=[]), NO_NUMBER, id="empty-identifier"),
        pytest.param(
            a_line(identifier=[a_national_identifier(1, "urn:other")]), NO_NUMBER, id="foreign-identifier"
        ),
        pytest.param(
            a_line(identifier=[a_national_identifier(1), {"system": CHI, "value": "9990000019"}]),
            WRONG_NUMBER,
            id="wrong-check-digit",
        ),
        pytest.param(a_line(birthDate="1984-02-30"), "birthDate is not a date", id="no-such-day"),
        pytest.param(a_line(birthDate="1984-13"), "birthDate is not a date", id="no-such-month"),
        pytest.param(a_line(birthDate="29/02/1984"), "birthDate is not a date", id="british-date"),
        pytest.param(a_line(birthDate="19840229"), "birthDate is not a date", id="date-without-hyphens"),
        pytest.param(a_line(birthDate=""), "birthDate is not a date", id="empty-date"),
        pytest.param(a_line(identifier=None) + "\ufeff", NOT_A_PATIENT, id="byte-order-mark-behind-it"),
    ],
)
def test_a_line_that_is_no_patient_is_bad(line: str, problem: str) -> None:
    assert problem_of(line) == problem


def test_blank_lines_count_and_are_no_patients() -> None:
    lines = ("", a_line() + "\n", "  \n", "\r\n", a_line() + "\r\n")

    assert ([*reports_in(*lines)], problems_in(*lines)) == ([2, 5], {})


def test_a_bad_line_spoils_no_other() -> None:
    lines = (a_line(), DEEP, a_line())

    assert ([*reports_in(*lines)], [*problems_in(*lines)]) == ([1, 3], [2])


def test_a_row_is_read_when_it_is_asked_for() -> None:
    read: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(3):
            read.append(number)
            yield a_line()

    first = list(islice(NdjsonPatients(lines, TODAY).rows(), 1))

    assert ([row.unwrap().line for row in first], read) == ([1], [0])


def test_a_byte_order_mark_before_the_first_line_is_skipped() -> None:
    lines = ("\ufeff" + a_line(), "\ufeff" + a_line())

    assert ([*reports_in(*lines)], problems_in(*lines)) == ([1], {2: NOT_A_PATIENT})


def test_a_first_line_of_nothing_but_a_byte_order_mark_is_blank() -> None:
    lines = ("\ufeff\n", a_line())

    assert ([*reports_in(*lines)], problems_in(*lines)) == ([2], {})


def test_the_names_of_a_line_are_its_national_numbers() -> None:
    lines = (
        "\ufeff" + a_line(identifier=[a_national_identifier(1), a_national_identifier(2, CHI)]),
        "\n",
        a_line(identifier=[{"system": "https://hospital.example/record-number", "value": "A-4711"}]),
        a_line(identifier=[a_national_identifier(3, value=None), a_national_identifier(4, HCN)]),
        a_line(identifier=[a_national_identifier(5, use="old"), a_national_identifier(6, CHI)]),
        a_line(identifier=[a_national_identifier(7, period={"end": "Xanthippe"})]),
        "Xanthippe",
        DEEP,
        '"\ud800"',
    )

    names = list(NdjsonPatients(lambda: lines, TODAY).names())

    assert names == [
        ((NHS, an_nhs_number(1)), (CHI, an_nhs_number(2))),
        ((HCN, an_nhs_number(4)),),
        ((CHI, an_nhs_number(6)),),
    ]


def test_the_lines_with_one_of_these_names_are_read_good_or_bad() -> None:
    lines = (
        a_line(identifier=[a_national_identifier(1)]),
        a_line(identifier=[a_national_identifier(2)]),
        a_line(identifier=[a_national_identifier(2, CHI)]),
        a_line(identifier=[a_national_identifier(2)], active=False),
    )

    rows = NdjsonPatients(lambda: lines, TODAY).rows_naming({(NHS, an_nhs_number(2))})

    assert [failed(row) for row in rows] == [False, True]


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param({"birthDate": "Xanthippe"}, id="birth-date"),
        pytest.param({"identifier": [{"system": NHS, "value": "Xanthippe"}]}, id="number"),
        pytest.param({"identifier": [{"system": "Xanthippe", "value": "1"}]}, id="system"),
        pytest.param({"identifier": [{"system": NHS, "value": ["Xanthippe"]}]}, id="wrong-type"),
        pytest.param({"resourceType": "Xanthippe"}, id="resource-type"),
        pytest.param({"modifierExtension": [{"url": "Xanthippe"}]}, id="modifier-extension"),
    ],
)
def test_a_problem_repeats_nothing_of_the_line(elements: dict[str, object]) -> None:
    problem = problem_of(a_line(**elements))

    assert not [text for text in ("Xanthippe", an_nhs_number(1), "1984") if text in problem]


def test_where_the_numbers_alone_are_read_a_wrong_date_makes_no_line_bad() -> None:
    lines = (a_line(birthDate="31/12/1960", deceasedBoolean=True), a_line(active=False))

    good, superseded = NdjsonPatients(lambda: lines, TODAY, numbers_alone=True).rows()

    assert good.unwrap().report == PatientReport((an_identifier(1, NHS),))
    assert failed(superseded)
