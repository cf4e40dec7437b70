"""A request that is sent again after a patient may no longer be invited."""

from collections.abc import Awaitable, Callable

import pytest

from domain.eligibility import OmissionReason, OmittedPatient
from tests.builders import a_patient_id, a_report, a_requested_identifier, an_identifier
from tests.unit.application.generate_invitation_tokens.invitation_service import InvitationService

KEY = "monday-s-letters"
ONE, TWO, UNDATED = (a_requested_identifier(number) for number in (1, 2, 3))


async def _service() -> InvitationService:
    """Give a service that knows two adults, 1 and 2, and has no date of birth of 3."""
    service = InvitationService()
    for number in (1, 2):
        await service.knows(number)
    await service.knows(3, report=a_report(an_identifier(3), date_of_birth=None))
    return service


async def _patient_1_dies(service: InvitationService) -> None:
    await service.knows(1, report=a_report(an_identifier(1), deceased=True))


async def _patient_1_registers(service: InvitationService) -> None:
    await service.knows(1, report=a_report(an_identifier(1), registered=True))


async def _care_of_patient_1_ends(service: InvitationService) -> None:
    service.ends_care(1)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(_patient_1_dies, OmissionReason.DECEASED, id="died"),
        pytest.param(_patient_1_registers, OmissionReason.ALREADY_REGISTERED, id="registered"),
        pytest.param(_care_of_patient_1_ends, OmissionReason.NO_CARE_RELATIONSHIP, id="care-ended"),
    ],
)
async def test_who_may_no_longer_be_invited_is_left_out_and_the_others_get_the_same_answer(
    meanwhile: Callable[[InvitationService], Awaitable[None]], reason: OmissionReason
) -> None:
    service = await _service()
    first = await service.invite(ONE, TWO, key=KEY)

    await meanwhile(service)
    again = await service.invite(ONE, TWO, key=KEY)

    assert again.invited == [each for each in first.invited if each.identifier == TWO]
    assert again.omitted == [OmittedPatient(0, reason, a_patient_id(1))]
    assert (again.replayed, again.issued) == (True, 0)


async def test_who_had_the_invitation_revoked_alone_is_left_out_as_not_to_be_invited() -> None:
    service = await _service()
    first = await service.invite(ONE, TWO, key=KEY)
    await service.revoke(a_patient_id(1))

    again = await service.invite(ONE, TWO, key=KEY)

    assert again.invited == [each for each in first.invited if each.identifier == TWO]
    assert again.omitted == [OmittedPatient(0, OmissionReason.NOT_TO_BE_INVITED, a_patient_id(1))]


async def test_an_invitation_of_another_request_may_have_been_revoked() -> None:
    service = await _service()
    await service.invite(ONE)
    await service.revoke(a_patient_id(1))
    first = await service.invite(ONE, TWO, key=KEY)

    again = await service.invite(ONE, TWO, key=KEY)

    assert again.invited == first.invited


async def test_the_answers_to_a_request_carry_the_batch_of_its_invitations() -> None:
    service = await _service()

    answers = [await service.invite(ONE, key=KEY) for _time in range(2)]

    assert {each.batch for each in answers} == {answers[0].request_id}


async def test_the_record_tells_who_was_answered_again_and_who_was_left_out() -> None:
    service = await _service()
    await service.invite(ONE, TWO, UNDATED, key=KEY)

    await _patient_1_dies(service)
    await service.invite(ONE, TWO, UNDATED, key=KEY)

    event = service.store.events[-1]
    assert event.answered_patients == (a_patient_id(2),)
    assert event.omitted == {OmissionReason.DECEASED: 1, OmissionReason.NO_DATE_OF_BIRTH: 1}
    assert event.omitted_patients == {
        OmissionReason.DECEASED: (a_patient_id(1),),
        OmissionReason.NO_DATE_OF_BIRTH: (a_patient_id(3),),
    }


async def test_who_was_omitted_stays_omitted_though_they_may_be_invited_by_now() -> None:
    service = await _service()
    first = await service.invite(ONE, UNDATED, key=KEY)

    await service.knows(3)
    again = await service.invite(ONE, UNDATED, key=KEY)

    assert (again.invited, again.omitted) == (first.invited, first.omitted)
    assert [each.patient_id for each in service.store.invitations] == [a_patient_id(1)]


async def test_who_was_left_out_once_gets_the_same_answer_if_they_may_be_invited_again() -> None:
    service = await _service()
    first = await service.invite(ONE, TWO, key=KEY)
    service.ends_care(1)
    await service.invite(ONE, TWO, key=KEY)

    await service.knows(1)
    again = await service.invite(ONE, TWO, key=KEY)

    assert (again.invited, again.omitted) == (first.invited, [])


async def test_two_that_come_at_once_are_both_judged_by_what_is_known_when_they_are_answered() -> None:
    service = await _service()

    async def comes_first_and_then_patient_1_dies() -> None:
        await service.invite(ONE, TWO, key=KEY)
        await _patient_1_dies(service)

    service.storing.meanwhile = comes_first_and_then_patient_1_dies

    later = await service.invite(ONE, TWO, key=KEY)

    assert [each.identifier for each in later.invited] == [TWO]
