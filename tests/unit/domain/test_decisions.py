from domain.eligibility import Decisions, OmissionReason, OmittedPatient, PatientToInvite
from tests.builders import a_patient_id

DECEASED, NOT_FOUND = OmissionReason.DECEASED, OmissionReason.NOT_FOUND


def _inviting(*numbers: int) -> Decisions:
    return Decisions([PatientToInvite(place, a_patient_id(n)) for place, n in enumerate(numbers)], [])


def _omitting(*omitted: tuple[OmissionReason, int | None]) -> Decisions:
    return Decisions(
        [],
        [
            OmittedPatient(place, reason, None if number is None else a_patient_id(number))
            for place, (reason, number) in enumerate(omitted)
        ],
    )


def test_a_patient_with_two_identifiers_is_invited_once_at_the_first() -> None:
    assert _inviting(3, 1, 3, 2, 1).patients == tuple(map(a_patient_id, (3, 1, 2)))


def test_omitted_identifiers_are_counted_for_each_reason() -> None:
    decisions = _omitting((DECEASED, 1), (NOT_FOUND, None), (DECEASED, 1), (DECEASED, 2))

    assert decisions.times_omitted == {DECEASED: 3, NOT_FOUND: 1}


def test_known_omitted_patients_are_listed_once_for_each_reason() -> None:
    decisions = _omitting((DECEASED, 2), (NOT_FOUND, None), (DECEASED, 2), (DECEASED, 1))

    assert decisions.omitted_patients == {DECEASED: (a_patient_id(2), a_patient_id(1))}


def test_without_omissions_nothing_is_counted() -> None:
    decisions = _inviting(1)

    assert (decisions.times_omitted, decisions.omitted_patients) == ({}, {})
