"""Files of patients from a FHIR server."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest

from adapters.fhir.patient import read_patients
from domain.identifiers import IdentifierSystem
from domain.patients import PatientRecord
from tests.builders import CHI, HCN, NHS, an_identifier, an_nhs_number
from tests.unit.adapters.readings import problems, records

BORN = date(1984, 2, 29)
NOT_A_PATIENT = "the line is not a FHIR Patient in JSON"
NO_NUMBER = "the Patient has no NHS, CHI or Health & Care number"
MODIFIED = "the Patient has a modifierExtension, which may change what it means"
DEEP = "[" * 100_000 + "]" * 100_000


def _identifier(number: int = 1, system: str = NHS) -> dict[str, object]:
    return {"use": "official", "system": system, "value": an_nhs_number(number)}


def _patient(**elements: object) -> str:
    """Write a Patient of ordinary content; `None` takes an element away."""
    resource = {
        "resourceType": "Patient",
        "id": "example",
        "meta": {"lastUpdated": "2026-11-01T10:00:00Z"},
        "identifier": [_identifier()],
        "name": [{"family": "Xanthippe"}],
        "birthDate": "1984-02-29",
        **elements,
    }
    return json.dumps({name: value for name, value in resource.items() if value is not None})


def _record_of(line: str) -> PatientRecord:
    [record] = records(read_patients([line])).values()
    return record


def _problem_of(line: str) -> str:
    [problem] = problems(read_patients([line])).values()
    return problem


def test_a_line_is_a_patient_without_a_registration() -> None:
    rows = read_patients([_patient()])

    assert records(rows) == {1: PatientRecord((an_identifier(1),), BORN, deceased=False, registered=None)}


@pytest.mark.parametrize("system", IdentifierSystem)
def test_an_identifier_of_each_national_system_counts(system: IdentifierSystem) -> None:
    record = _record_of(_patient(identifier=[_identifier(7, system)]))

    assert record.identifiers == (an_identifier(7, system),)


def test_identifiers_of_other_systems_are_skipped() -> None:
    others = [
        {"system": "https://hospital.example/record-number", "value": "A-4711"},
        {"system": "https://hospital.example/record-number"},
        {"value": "9999999999"},
        {"type": {"text": "Passport"}, "value": "C01X00T47"},
    ]

    record = _record_of(
        _patient(identifier=[others[0], _identifier(1, CHI), *others[1:], _identifier(2, HCN)])
    )

    assert record.identifiers == (an_identifier(1, CHI), an_identifier(2, HCN))


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
    assert _record_of(_patient(birthDate=birth_date)).date_of_birth == known


@pytest.mark.parametrize(
    ("elements", "deceased"),
    [
        pytest.param({"deceasedBoolean": True}, True, id="true"),
        pytest.param({"deceasedBoolean": False}, False, id="false"),
        pytest.param({"deceasedDateTime": "2026-11-01T10:00:00Z"}, True, id="moment"),
        pytest.param({"deceasedDateTime": "2026"}, True, id="year"),
        pytest.param({}, False, id="nothing-said"),
    ],
)
def test_a_patient_may_have_died(elements: dict[str, object], *, deceased: bool) -> None:
    assert _record_of(_patient(**elements)).deceased == deceased


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", NOT_A_PATIENT, id="broken-json"),
        pytest.param("Xanthippe", NOT_A_PATIENT, id="no-json"),
        pytest.param("[]", NOT_A_PATIENT, id="array"),
        pytest.param("{}", NOT_A_PATIENT, id="no-resource-type"),
        pytest.param(_patient() + _patient(), NOT_A_PATIENT, id="two-on-a-line"),
        pytest.param(_patient(resourceType="Practitioner"), NOT_A_PATIENT, id="another-resource"),
        pytest.param(_patient(identifier={}), NOT_A_PATIENT, id="identifier-not-repeated"),
        pytest.param(_patient(birthDate=1984), NOT_A_PATIENT, id="birth-date-a-number"),
        pytest.param(_patient(deceasedBoolean="true"), NOT_A_PATIENT, id="flag-a-text"),
        pytest.param(DEEP, NOT_A_PATIENT, id="100-000-nested-arrays"),
        pytest.param(_patient(extension="DEEP").replace('"DEEP"', DEEP), NOT_A_PATIENT, id="nested-unread"),
        pytest.param('{"resourceType":"Patient","id":"\ud800"', NOT_A_PATIENT, id="lone-surrogate"),
        pytest.param(_patient(identifier=None), NO_NUMBER, id="no-identifier"),
        pytest.param(_patient(identifier=[]), NO_NUMBER, id="empty-identifier"),
        pytest.param(_patient(identifier=[_identifier(1, "urn:other")]), NO_NUMBER, id="foreign-identifier"),
        pytest.param(
            _patient(identifier=[_identifier(1), {"system": CHI, "value": "9990000019"}]),
            "a national identifier is not a valid number",
            id="wrong-check-digit",
        ),
        pytest.param(
            _patient(identifier=[{"system": NHS}]),
            "a national identifier is not a valid number",
            id="number-missing",
        ),
        pytest.param(_patient(birthDate="1984-02-30"), "birthDate is not a date", id="no-such-day"),
        pytest.param(_patient(birthDate="1984-13"), "birthDate is not a date", id="no-such-month"),
        pytest.param(_patient(birthDate="29/02/1984"), "birthDate is not a date", id="british-date"),
        pytest.param(_patient(birthDate="19840229"), "birthDate is not a date", id="date-without-hyphens"),
        pytest.param(_patient(birthDate=""), "birthDate is not a date", id="empty-date"),
        pytest.param(_patient(modifierExtension=[{"url": "urn:x"}]), MODIFIED, id="modifier-extension"),
    ],
)
def test_a_line_that_is_no_patient_is_bad(line: str, problem: str) -> None:
    assert _problem_of(line) == problem


def test_blank_lines_count_and_are_no_patients() -> None:
    rows = read_patients(["", _patient() + "\n", "  \n", "\r\n", _patient() + "\r\n"])

    assert records(rows).keys() == {2, 5}


def test_a_bad_line_spoils_no_other() -> None:
    rows = list(read_patients([_patient(), DEEP, _patient()]))

    assert ([*records(rows)], [*problems(rows)]) == ([1, 3], [2])


def test_a_row_is_read_when_it_is_asked_for() -> None:
    read: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(3):
            read.append(number)
            yield _patient()

    first = list(islice(read_patients(lines()), 1))

    assert ([*records(first)], read) == ([1], [0])


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
    problem = _problem_of(_patient(**elements))

    assert not [text for text in ("Xanthippe", an_nhs_number(1), "1984") if text in problem]
