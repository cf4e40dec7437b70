from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.eligibility import EligibilityPolicy, OmissionReason, age_on
from domain.patients import Patient
from tests.builders import TODAY, a_patient

SIXTEEN_TODAY = date(2010, 12, 2)
SIXTEEN_TOMORROW = date(2010, 12, 3)

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
patients = st.builds(
    a_patient,
    date_of_birth=st.none() | days,
    deceased=st.booleans(),
    registered=st.booleans(),
    care_relationship=st.booleans(),
)


def test_an_adult_who_is_not_registered_may_be_invited() -> None:
    assert EligibilityPolicy().assess(a_patient(), TODAY) == Success(a_patient())


def test_the_patient_who_turns_sixteen_today_is_invited() -> None:
    patient = a_patient(date_of_birth=SIXTEEN_TODAY)

    assert EligibilityPolicy().assess(patient, TODAY) == Success(patient)


def test_the_patient_who_turns_sixteen_tomorrow_is_not_invited() -> None:
    patient = a_patient(date_of_birth=SIXTEEN_TOMORROW)

    assert EligibilityPolicy().assess(patient, TODAY) == Failure(OmissionReason.UNDER_MINIMUM_AGE)


def test_a_patient_is_held_on_the_last_day_of_a_hold_and_not_on_the_day_after() -> None:
    patient = a_patient(held_until=TODAY)

    assert EligibilityPolicy().assess(patient, TODAY) == Failure(OmissionReason.NOT_TO_BE_INVITED)
    assert EligibilityPolicy().assess(patient, TODAY + timedelta(days=1)) == Success(patient)


@pytest.mark.parametrize(
    ("patient", "reason"),
    [
        pytest.param(None, OmissionReason.NOT_FOUND, id="not-found"),
        pytest.param(
            a_patient(care_relationship=False),
            OmissionReason.NO_CARE_RELATIONSHIP,
            id="no-care-relationship",
        ),
        pytest.param(a_patient(held_until=date.max), OmissionReason.NOT_TO_BE_INVITED, id="held"),
        pytest.param(a_patient(deceased=True), OmissionReason.DECEASED, id="deceased"),
        pytest.param(a_patient(registered=True), OmissionReason.ALREADY_REGISTERED, id="registered"),
        pytest.param(a_patient(date_of_birth=None), OmissionReason.NO_DATE_OF_BIRTH, id="no-date-of-birth"),
    ],
)
def test_a_patient_is_omitted_when(patient: Patient | None, reason: OmissionReason) -> None:
    assert EligibilityPolicy().assess(patient, TODAY) == Failure(reason)


@pytest.mark.parametrize(
    ("patient", "reason"),
    [
        pytest.param(
            a_patient(care_relationship=False, deceased=True, registered=True, date_of_birth=None),
            OmissionReason.NO_CARE_RELATIONSHIP,
            id="care-relationship-before-death",
        ),
        pytest.param(
            a_patient(deceased=True, registered=True, date_of_birth=None),
            OmissionReason.DECEASED,
            id="death-before-registration",
        ),
        pytest.param(
            a_patient(registered=True, date_of_birth=None),
            OmissionReason.ALREADY_REGISTERED,
            id="registration-before-date-of-birth",
        ),
        pytest.param(
            a_patient(registered=True, date_of_birth=SIXTEEN_TOMORROW),
            OmissionReason.ALREADY_REGISTERED,
            id="registration-before-age",
        ),
    ],
)
def test_of_several_reasons_the_first_counts(patient: Patient, reason: OmissionReason) -> None:
    assert EligibilityPolicy().assess(patient, TODAY) == Failure(reason)


def test_the_reasons_are_declared_in_the_order_in_which_they_are_tried() -> None:
    assert list(OmissionReason) == [
        "not-found",
        "no-care-relationship",
        "not-to-be-invited",
        "deceased",
        "already-registered",
        "no-date-of-birth",
        "under-minimum-age",
    ]


@pytest.mark.parametrize(
    ("today", "outcome"),
    [
        pytest.param(date(2026, 2, 28), Failure(OmissionReason.UNDER_MINIMUM_AGE), id="28-february"),
        pytest.param(date(2026, 3, 1), Success(a_patient(date_of_birth=date(2008, 2, 29))), id="1-march"),
    ],
)
def test_a_patient_born_on_29_february_comes_of_age_on_1_march(today: date, outcome: object) -> None:
    patient = a_patient(date_of_birth=date(2008, 2, 29))

    assert EligibilityPolicy(minimum_age=18).assess(patient, today) == outcome


def test_with_a_minimum_age_of_zero_a_newborn_is_invited() -> None:
    patient = a_patient(date_of_birth=TODAY)

    assert EligibilityPolicy(minimum_age=0).assess(patient, TODAY) == Success(patient)


def test_an_unborn_patient_is_not_invited_at_any_minimum_age() -> None:
    patient = a_patient(date_of_birth=TODAY + timedelta(days=1))

    assessed = EligibilityPolicy(minimum_age=0).assess(patient, TODAY)

    assert assessed == Failure(OmissionReason.UNDER_MINIMUM_AGE)


@given(patient=patients, today=days)
def test_a_patient_is_invited_exactly_when_no_rule_is_against_it(patient: Patient, today: date) -> None:
    born = patient.date_of_birth
    rules_are_met = (
        patient.care_relationship
        and not patient.deceased
        and not patient.registered
        and born is not None
        and age_on(today, born) >= 16
    )

    assessed = EligibilityPolicy().assess(patient, today)

    assert (assessed == Success(patient)) is rules_are_met
    assert [assessed == Failure(reason) for reason in OmissionReason].count(True) == (not rules_are_met)


@given(born=days, today=days, later=st.timedeltas(timedelta(0), timedelta(days=40_000)))
def test_a_patient_invited_today_would_be_invited_on_any_later_day(
    born: date, today: date, later: timedelta
) -> None:
    patient = a_patient(date_of_birth=born)

    on_both_days = [EligibilityPolicy().assess(patient, day) for day in (today, today + later)]

    assert on_both_days[0] != Success(patient) or on_both_days[1] == Success(patient)


@given(born=days, ages=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_a_patient_old_enough_for_one_minimum_age_is_so_for_a_lower_one(
    born: date, ages: tuple[int, int]
) -> None:
    patient = a_patient(date_of_birth=born)

    low, high = (EligibilityPolicy(age).assess(patient, date(2100, 12, 31)) for age in sorted(ages))

    assert low == Success(patient) or high != Success(patient)
