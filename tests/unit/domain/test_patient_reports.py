"""What a report may change in what is known of a patient."""

from datetime import date

import pytest
from returns.result import Failure, Success

from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patient_reports import (
    BadReport,
    Contradiction,
    KnownPatient,
    PatientReport,
    checked,
    confirmed_by,
    first_known,
    learn,
    learn_of,
)
from tests.builders import CHI, HCN, NHS, TODAY, a_known_patient, a_report, an_identifier

NHS_1, NHS_2 = an_identifier(1, NHS), an_identifier(2, NHS)
CHI_1 = an_identifier(1, CHI)
HCN_1 = an_identifier(1, HCN)
OTHER_DAY = date(1981, 5, 2)


@pytest.mark.parametrize(
    "value", [pytest.param(a_report(), id="report"), pytest.param(a_known_patient(), id="known-patient")]
)
def test_a_repr_shows_nothing(value: object) -> None:
    assert repr(value) == f"{type(value).__name__}(<hidden>)"


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("system", [NHS, CHI, HCN])
def test_ten_equal_digits_are_a_placeholder(system: IdentifierSystem, digit: str) -> None:
    report = a_report(NHS_1, PatientIdentifier(system, digit * 10))

    assert checked(report, TODAY) == Failure(BadReport.PLACEHOLDER_NUMBER)


@pytest.mark.parametrize(
    "born",
    [
        pytest.param(date(1, 1, 1), id="first-day-of-all"),
        pytest.param(date(1753, 1, 1), id="first-day-of-a-database"),
        pytest.param(date(1879, 12, 31), id="day-before-1880"),
        pytest.param(date(2026, 12, 3), id="tomorrow"),
        pytest.param(date(3084, 2, 29), id="next-millennium"),
    ],
)
def test_a_living_person_cannot_have_been_born_then(born: date) -> None:
    assert checked(a_report(date_of_birth=born), TODAY) == Failure(BadReport.IMPLAUSIBLE_DATE_OF_BIRTH)


@pytest.mark.parametrize(
    "born",
    [
        pytest.param(None, id="not-said"),
        pytest.param(date(1880, 1, 1), id="1880"),
        pytest.param(date(2026, 12, 2), id="today"),
    ],
)
def test_a_person_may_have_been_born_then(born: date | None) -> None:
    assert checked(a_report(date_of_birth=born), TODAY) == Success(None)


def test_a_first_report_is_what_is_known() -> None:
    report = a_report(NHS_1, CHI_1, deceased=True, registered=True)

    assert first_known(report) == Success(a_known_patient(NHS_1, CHI_1, deceased=True, registered=True))


def test_a_patient_of_whom_nothing_is_said_is_alive_and_not_registered() -> None:
    report = a_report(NHS_1, date_of_birth=None)

    assert first_known(report) == Success(a_known_patient(NHS_1, date_of_birth=None))


def test_a_first_report_with_two_numbers_of_one_system_is_refused() -> None:
    assert first_known(a_report(NHS_1, NHS_2)) == Failure(Contradiction.SECOND_NUMBER)


def test_one_number_said_twice_is_one_number() -> None:
    assert first_known(a_report(NHS_1, NHS_1)) == Success(a_known_patient(NHS_1))


@pytest.mark.parametrize(
    ("report", "after"),
    [
        pytest.param(a_report(date_of_birth=None), a_known_patient(), id="nothing-said"),
        pytest.param(a_report(), a_known_patient(), id="the-same-date-of-birth"),
        pytest.param(a_report(deceased=True), a_known_patient(deceased=True), id="death"),
        pytest.param(a_report(deceased=False), a_known_patient(), id="alive"),
        pytest.param(a_report(registered=True), a_known_patient(registered=True), id="registration"),
        pytest.param(a_report(registered=False), a_known_patient(), id="no-registration"),
        pytest.param(a_report(NHS_1, CHI_1), a_known_patient(NHS_1, CHI_1), id="one-more-number"),
        pytest.param(a_report(HCN_1, NHS_1), a_known_patient(NHS_1, HCN_1), id="in-any-order"),
    ],
)
def test_a_report_adds_to_what_is_known(report: PatientReport, after: KnownPatient) -> None:
    assert learn(a_known_patient(), report) == Success(after)


def test_a_report_that_says_nothing_takes_nothing_back() -> None:
    known = a_known_patient(NHS_1, CHI_1, deceased=True, registered=True)

    assert learn(known, a_report(CHI_1, date_of_birth=None)) == Success(known)


def test_a_first_date_of_birth_becomes_known() -> None:
    assert learn(a_known_patient(date_of_birth=None), a_report()) == Success(a_known_patient())


def test_that_a_registered_patient_is_not_registered_changes_nothing() -> None:
    known = a_known_patient(registered=True)

    assert learn(known, a_report(registered=False)) == Success(known)


@pytest.mark.parametrize(
    ("known", "report", "rule"),
    [
        pytest.param(
            a_known_patient(),
            a_report(date_of_birth=OTHER_DAY),
            Contradiction.OTHER_DATE_OF_BIRTH,
            id="another-date-of-birth",
        ),
        pytest.param(
            a_known_patient(),
            a_report(date_of_birth=OTHER_DAY, deceased=True),
            Contradiction.OTHER_DATE_OF_BIRTH,
            id="a-death-with-another-date-of-birth",
        ),
        pytest.param(
            a_known_patient(deceased=True),
            a_report(deceased=False),
            Contradiction.REPORTED_ALIVE,
            id="alive-after-death",
        ),
        pytest.param(
            a_known_patient(NHS_1, CHI_1),
            a_report(NHS_2, CHI_1),
            Contradiction.SECOND_NUMBER,
            id="a-second-number-of-a-system",
        ),
        pytest.param(
            a_known_patient(),
            a_report(NHS_1, CHI_1, date_of_birth=None),
            Contradiction.UNCONFIRMED_IDENTIFIER,
            id="one-more-number-without-a-date-of-birth",
        ),
        pytest.param(
            a_known_patient(date_of_birth=None),
            a_report(NHS_1, CHI_1),
            Contradiction.UNCONFIRMED_IDENTIFIER,
            id="one-more-number-where-no-date-of-birth-is-known",
        ),
        pytest.param(
            a_known_patient(date_of_birth=None),
            a_report(NHS_1, CHI_1, date_of_birth=None),
            Contradiction.UNCONFIRMED_IDENTIFIER,
            id="one-more-number-where-no-date-of-birth-is-known-nor-said",
        ),
        pytest.param(
            a_known_patient(),
            a_report(NHS_1, CHI_1, date_of_birth=OTHER_DAY),
            Contradiction.OTHER_DATE_OF_BIRTH,
            id="one-more-number-with-another-date-of-birth",
        ),
    ],
)
def test_a_contradiction_is_refused(known: KnownPatient, report: PatientReport, rule: Contradiction) -> None:
    assert learn(known, report) == Failure(rule)


def test_a_report_that_names_nobody_known_is_a_first_report() -> None:
    assert learn_of([], a_report(NHS_1), [a_report(NHS_1)]) == first_known(a_report(NHS_1))


def test_a_report_that_names_one_patient_adds_to_what_is_known() -> None:
    known, report = a_known_patient(NHS_1), a_report(NHS_1, deceased=True)

    assert learn_of([known], report, [report]) == learn(known, report)


def test_a_report_that_names_two_patients_never_merges_them() -> None:
    report = a_report(NHS_1, CHI_1)

    result = learn_of([a_known_patient(NHS_1), a_known_patient(CHI_1)], report, [report])

    assert result == Failure(Contradiction.SEVERAL_PATIENTS)


def test_a_row_without_a_new_number_says_the_date_of_birth_for_the_others() -> None:
    known = a_known_patient(NHS_1, date_of_birth=None)

    confirmed = confirmed_by(known, [a_report(NHS_1, CHI_1), a_report(NHS_1)])

    assert confirmed == a_known_patient(NHS_1)


def test_a_row_with_a_new_number_confirms_nothing() -> None:
    known = a_known_patient(NHS_1, date_of_birth=None)

    assert confirmed_by(known, [a_report(NHS_1, CHI_1), a_report(NHS_1, date_of_birth=None)]) == known


def test_a_known_date_of_birth_is_not_confirmed_anew() -> None:
    assert confirmed_by(a_known_patient(), [a_report(date_of_birth=OTHER_DAY)]) == a_known_patient()
