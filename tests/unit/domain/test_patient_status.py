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
def test_an_organisation_gets_the_full_status_of_its_own_patient(
    patient: Patient, status: PatientStatus
) -> None:
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
def test_the_date_of_birth_needs_a_care_relationship(patient: Patient, status: PatientStatus) -> None:
    assert status_of(patient) == status


def test_an_unknown_patient_has_no_status() -> None:
    assert status_of(None) == NotFound()


def test_no_repr_shows_a_status() -> None:
    statuses = [status_of(each) for each in (a_patient(), a_patient(care_relationship=False), None)]

    assert repr(statuses) == "[Known(<hidden>), NoAccess(<hidden>), NotFound(<hidden>)]"
