import pytest

from domain.patients import Known, NoAccess, NotFound, Patient, PatientStatus, status_of
from tests.builders import ADULT, a_patient


@pytest.mark.parametrize(
    ("patient", "status"),
    [
        pytest.param(a_patient(), Known(deceased=False, registered=False, date_of_birth=ADULT), id="known"),
        pytest.param(
            a_patient(deceased=True),
            Known(deceased=True, registered=False, date_of_birth=ADULT),
            id="deceased",
        ),
        pytest.param(
            a_patient(registered=True),
            Known(deceased=False, registered=True, date_of_birth=ADULT),
            id="registered",
        ),
        pytest.param(
            a_patient(date_of_birth=None),
            Known(deceased=False, registered=False, date_of_birth=None),
            id="no-date-of-birth",
        ),
    ],
)
def test_of_its_own_patient_an_organisation_is_told_all(patient: Patient, status: PatientStatus) -> None:
    assert status_of(patient) == status


@pytest.mark.parametrize(
    ("patient", "status"),
    [
        pytest.param(
            a_patient(care_relationship=False), NoAccess(deceased=False, registered=False), id="living"
        ),
        pytest.param(
            a_patient(care_relationship=False, deceased=True),
            NoAccess(deceased=True, registered=False),
            id="deceased",
        ),
        pytest.param(
            a_patient(care_relationship=False, registered=True),
            NoAccess(deceased=False, registered=True),
            id="registered",
        ),
    ],
)
def test_of_a_patient_without_a_care_relationship_it_is_not_told_the_date_of_birth(
    patient: Patient, status: PatientStatus
) -> None:
    assert status_of(patient) == status


def test_of_nobody_it_is_told_nothing() -> None:
    assert status_of(None) == NotFound()


def test_no_repr_shows_what_is_told() -> None:
    statuses = [status_of(each) for each in (a_patient(), a_patient(care_relationship=False), None)]

    assert repr(statuses) == "[Known(<hidden>), NoAccess(<hidden>), NotFound(<hidden>)]"
