"""Elements of a Patient that change what the others mean, and numbers that are no longer the patient's."""

import json

import pytest
from msgspec.structs import replace

from tests.builders import CHI, NHS, an_identifier
from tests.unit.adapters.fhir.patient_lines import a_line, a_national_identifier, problem_of, report_of

SUPERSEDED = "the record is superseded: it is not active, or another one replaces it"
MODIFIED = "the Patient has a modifierExtension, which may change what it means"
IMPLICIT = "the Patient has implicitRules, which may change what it means"
TWICE = "an object in the line names a property twice"
NONE_IN_FORCE = "none of the Patient's NHS, CHI or Health & Care numbers is in force and verified"
WRONG_NUMBER = "a national identifier is not a valid number"
NO_PERIOD = "the period of a national identifier is not of dates"

ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason"}]}
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
CARE_CONNECT = (
    "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1"
)
GP_CONNECT = (
    "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1"
)


def _status(url: str, *codes: str) -> dict[str, object]:
    return {"url": url, "valueCodeableConcept": {"coding": [{"code": code} for code in codes]}}


def _security(code: str) -> dict[str, object]:
    system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    return {"security": [{"system": system, "code": code}]}


@pytest.mark.parametrize(
    ("elements", "problem"),
    [
        pytest.param({"active": False}, SUPERSEDED, id="not-active"),
        pytest.param({"link": [{"type": "seealso"}, {"type": "replaced-by"}]}, SUPERSEDED, id="replaced"),
        pytest.param({"link": [{"type": " Replaced-By "}]}, SUPERSEDED, id="replaced-in-another-spelling"),
        pytest.param({"animal": {"species": {"text": "dog"}}}, "the Patient is an animal", id="animal"),
        pytest.param({"implicitRules": "urn:rules"}, IMPLICIT, id="implicit-rules"),
        pytest.param({"modifierExtension": [{"url": "urn:x"}]}, MODIFIED, id="modifier-extension"),
        pytest.param(
            {"link": [{"type": "refer", "modifierExtension": [{"url": "urn:x"}]}]}, MODIFIED, id="of-a-link"
        ),
    ],
)
def test_a_patient_that_its_modifiers_make_another_thing_is_bad(
    elements: dict[str, object], problem: str
) -> None:
    assert problem_of(a_line(**elements)) == problem


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param({"active": None}, id="whether-active-is-not-said"),
        pytest.param({"link": [{"type": "replaces"}]}, id="replaces-another"),
        pytest.param({"meta": _security("U")}, id="unrestricted"),
        pytest.param({"meta": _security("N")}, id="normal"),
        pytest.param({"modifierExtension": []}, id="no-modifier"),
    ],
)
def test_other_values_of_these_elements_change_nothing(elements: dict[str, object]) -> None:
    assert report_of(a_line(**elements)) == report_of(a_line())


@pytest.mark.parametrize("confidentiality", ["R", "V", "r", " V "])
def test_a_restricted_record_is_reported_as_such(confidentiality: str) -> None:
    assert report_of(a_line(meta=_security(confidentiality))) == replace(report_of(a_line()), restricted=True)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(a_line()[:-1] + ', "birthDate": "1960-06-06"}', id="read"),
        pytest.param(a_line()[:-1] + ', "gender": "male", "gender": "male"}', id="unread"),
        pytest.param(a_line()[:-1] + ', "birthD\\u0061te": "1960-06-06"}', id="once-escaped"),
        pytest.param(a_line(contact=[{"gender": "a"}]).replace('"a"', '"a", "gender": "b"'), id="nested"),
        pytest.param(a_line()[:-1] + ', "id": "\\u0022\\u0022\\u0022"}', id="behind-escaped-marks"),
    ],
)
def test_a_property_named_twice_makes_a_line_bad(line: str) -> None:
    assert problem_of(line) == TWICE


def test_quotation_marks_in_a_value_are_not_taken_for_names() -> None:
    line = a_line(name=[{"text": '"active" "active"'}]).replace("Xanthippe", "\\u0022")

    assert report_of(line) == report_of(a_line())


@pytest.mark.parametrize(
    ("elements", "deceased"),
    [
        pytest.param({"_deceasedDateTime": ABSENT}, True, id="moment-absent"),
        pytest.param({"_deceasedBoolean": ABSENT}, True, id="flag-absent"),
        pytest.param({"deceasedBoolean": False, "_deceasedBoolean": {"id": "a"}}, False, id="flag-said"),
        pytest.param({"deceasedBoolean": False, "_deceasedDateTime": ABSENT}, True, id="both"),
    ],
)
def test_a_death_without_a_value_is_a_death(elements: dict[str, object], *, deceased: bool) -> None:
    assert report_of(a_line(**elements)).deceased is deceased


@pytest.mark.parametrize(
    "skipped",
    [
        pytest.param({"use": "old"}, id="old"),
        pytest.param({"use": "OLD"}, id="old-in-another-spelling"),
        pytest.param({"use": "old", "value": "9990000019"}, id="old-and-wrong"),
        pytest.param({"value": None}, id="no-value"),
        pytest.param({"value": None, "_value": ABSENT}, id="value-absent"),
        pytest.param({"value": " "}, id="blank-value"),
        pytest.param({"period": {"end": "2015-01-01"}}, id="ended"),
        pytest.param({"period": {"start": "2015", "_end": ABSENT}}, id="ended-on-an-unknown-day"),
        pytest.param({"period": {"end": "2026-12-01"}}, id="ended-yesterday"),
        pytest.param({"period": {"end": "2026-11"}}, id="ended-last-month"),
        pytest.param({"period": {"end": "2025"}}, id="ended-last-year"),
        pytest.param({"period": {"end": "2026-12-01T23:59:59.5Z"}}, id="ended-last-night"),
        pytest.param({"period": {"end": "2026-12-02T10:00:00+14:00"}}, id="ended-elsewhere"),
        pytest.param({"period": {"start": "2026-12-03"}}, id="begins-tomorrow"),
        pytest.param({"period": {"start": "2027-01"}}, id="begins-next-month"),
        pytest.param({"period": {"start": "2027"}}, id="begins-next-year"),
        pytest.param({"extension": [_status(UK_CORE, "number-present-but-not-traced")]}, id="uk-core"),
        pytest.param({"extension": [_status(CARE_CONNECT, "02")]}, id="care-connect"),
        pytest.param({"extension": [_status(GP_CONNECT, "02")]}, id="gp-connect"),
        pytest.param({"extension": [_status(UK_CORE)]}, id="no-status"),
        pytest.param({"extension": [{"url": UK_CORE}]}, id="no-concept"),
        pytest.param(
            {"extension": [_status(UK_CORE, "number-present-and-verified"), _status(CARE_CONNECT, "03")]},
            id="one-of-two-statuses",
        ),
    ],
)
def test_an_identifier_that_is_not_the_patient_s_today_is_skipped(skipped: dict[str, object]) -> None:
    not_in_force = a_national_identifier(2, NHS, **skipped)

    report = report_of(a_line(identifier=[not_in_force, a_national_identifier(1, CHI)]))

    assert report.identifiers == (an_identifier(1, CHI),)
    assert problem_of(a_line(identifier=[not_in_force])) == NONE_IN_FORCE


@pytest.mark.parametrize(
    "counted",
    [
        pytest.param({"use": None}, id="no-use"),
        pytest.param({"use": "secondary"}, id="secondary"),
        pytest.param({"period": {}}, id="empty-period"),
        pytest.param({"period": {"start": "2026-12-02", "end": "2026-12-02"}}, id="today"),
        pytest.param({"period": {"start": "2026-12", "end": "2026-12"}}, id="this-month"),
        pytest.param({"period": {"start": "2026", "end": "2026"}}, id="this-year"),
        pytest.param({"period": {"end": "9999-12-31T23:59:59-12:00"}}, id="end-of-the-calendar"),
        pytest.param({"period": {"start": "0001-01-01T00:00:00+14:00"}}, id="begin-of-the-calendar"),
        pytest.param({"period": {"end": "2026-12-02T00:00:00"}}, id="no-offset"),
        pytest.param({"extension": [_status(UK_CORE, "number-present-and-verified")]}, id="uk-core"),
        pytest.param({"extension": [_status(UK_CORE, "01")]}, id="uk-core-by-number"),
        pytest.param({"extension": [_status(CARE_CONNECT, "01")]}, id="care-connect"),
        pytest.param({"extension": [_status("urn:x", "02")]}, id="another-extension"),
    ],
)
def test_an_identifier_that_is_the_patient_s_today_counts(counted: dict[str, object]) -> None:
    report = report_of(a_line(identifier=[a_national_identifier(1, NHS, **counted)]))

    assert report.identifiers == (an_identifier(1),)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        pytest.param({"value": "9990000019"}, WRONG_NUMBER, id="check-digit"),
        pytest.param({"value": "999 000 0018"}, WRONG_NUMBER, id="spaces"),
        pytest.param({"period": {"end": "2026-13"}}, NO_PERIOD, id="no-such-month"),
        pytest.param({"period": {"end": "2026-12-01T25:00:00Z"}}, NO_PERIOD, id="no-such-hour"),
        pytest.param({"period": {"start": "02/12/2026"}}, NO_PERIOD, id="british-date"),
        pytest.param({"period": {"start": "2026-W49-3"}}, NO_PERIOD, id="week"),
        pytest.param({"period": {"start": ""}}, NO_PERIOD, id="empty"),
    ],
)
def test_an_identifier_that_cannot_be_read_makes_a_line_bad(wrong: dict[str, object], problem: str) -> None:
    line = a_line(identifier=[a_national_identifier(1, NHS, **wrong), a_national_identifier(2, CHI)])

    assert problem_of(line) == problem


def test_what_is_wrong_with_an_identifier_of_another_system_does_not_matter() -> None:
    other = {"system": "https://hospital.example/record-number", "value": "", "period": {"end": "Xanthippe"}}

    report = report_of(a_line(identifier=[other, a_national_identifier(1)]))

    assert report == report_of(a_line())


def test_a_record_is_judged_by_its_modifiers_before_its_numbers() -> None:
    line = json.dumps({"resourceType": "Patient", "active": False, "identifier": [{"system": NHS}]})

    assert problem_of(line) == SUPERSEDED
