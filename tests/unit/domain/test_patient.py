from datetime import date

from tests.builders import a_patient


def test_a_repr_shows_nothing() -> None:
    patient = a_patient(7, date_of_birth=date(1980, 4, 1), deceased=True)

    assert repr(patient) == "Patient(<hidden>)"
