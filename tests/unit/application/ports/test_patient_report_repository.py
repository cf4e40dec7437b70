from application.ports.patients import PatientChanges, StoredPatient
from tests.builders import a_known_patient, a_patient_id, an_identifier

HIDDEN = (an_identifier().value, "1980", "deceased")


def test_a_repr_of_a_stored_patient_shows_nothing_of_what_is_known() -> None:
    shown = repr(StoredPatient(a_patient_id(), a_known_patient()))

    assert not [text for text in HIDDEN if text in shown]


def test_a_repr_of_changes_shows_nothing_of_what_is_known() -> None:
    known = a_known_patient(deceased=True)
    changes = PatientChanges({a_patient_id(1): known}, {a_patient_id(2): (known, known)}, [a_patient_id(1)])

    shown = repr(changes)

    assert not [text for text in HIDDEN if text in shown]
