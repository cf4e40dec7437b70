import pytest

from domain.eligibility import Decisions, OmissionReason, OmittedPatient, PatientToInvite
from tests.builders import a_patient_id

DECEASED, NOT_FOUND, CHILD = (
    OmissionReason.DECEASED,
    OmissionReason.NOT_FOUND,
    OmissionReason.UNDER_MINIMUM_AGE,
)


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


def _decided(*decisions: int | tuple[OmissionReason, int | None]) -> Decisions:
    """Decide for each position: invite the patient of this number, or omit one for a reason."""
    invited, omitted = [], []
    for position, decision in enumerate(decisions):
        if isinstance(decision, int):
            invited.append(PatientToInvite(position, a_patient_id(decision)))
        else:
            reason, number = decision
            patient_id = None if number is None else a_patient_id(number)
            omitted.append(OmittedPatient(position, reason, patient_id))
    return Decisions(invited, omitted)


@pytest.mark.parametrize(
    ("first", "today", "again"),
    [
        pytest.param(_decided(1, 2), _decided(1, 2), _decided(1, 2), id="nothing-changed"),
        pytest.param(_decided(1, 2), _decided(1, (DECEASED, 2)), _decided(1, (DECEASED, 2)), id="died"),
        pytest.param(_decided((CHILD, 1), 2), _decided(1, 2), _decided((CHILD, 1), 2), id="became-eligible"),
        pytest.param(
            _decided((NOT_FOUND, None), 2),
            _decided((DECEASED, 1), 2),
            _decided((DECEASED, 1), 2),
            id="omitted-for-another-reason",
        ),
        pytest.param(_decided(1, 2), _decided(3, 2), _decided((NOT_FOUND, None), 2), id="names-another"),
        pytest.param(
            _decided(1, (CHILD, 2), 3),
            _decided((DECEASED, 1), 2, (DECEASED, 3)),
            _decided((DECEASED, 1), (CHILD, 2), (DECEASED, 3)),
            id="in-request-order",
        ),
    ],
)
def test_a_repeated_answer_invites_who_was_invited_and_still_may_be(
    first: Decisions, today: Decisions, again: Decisions
) -> None:
    assert first.repeated(today) == again
