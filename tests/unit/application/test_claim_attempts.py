"""How often a claim may fail: the attempts at an invitation, and those at a patient."""

from datetime import date

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from application.ports.invitations import DrawnSecrets
from application.ports.system import Unavailable
from domain.redemption import LOCK_PERIOD, BirthDateWrong, InvitationLocked
from tests.builders import ADULT
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.redemption import Redemption

OTHER_DAY = date(1980, 4, 2)


async def test_a_claim_is_no_failed_attempt(redemption: Redemption, issued: DrawnSecrets) -> None:
    for _ in range(20):
        await redemption.claim(issued)

    assert (redemption.failed_attempts(issued), redemption.redemptions.failures) == (0, [])


async def test_a_wrong_birth_date_is_told_with_the_attempts_that_are_left(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    refused = [await redemption.claim(issued, OTHER_DAY) for _ in range(5)]

    assert refused == [Failure(BirthDateWrong(left)) for left in (4, 3, 2, 1, 0)]


async def test_five_wrong_attempts_lock_the_invitation_for_good(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    for _ in range(5):
        await redemption.claim(issued, OTHER_DAY)
    redemption.clock.let_pass(2 * LOCK_PERIOD)

    refused = await redemption.claim(issued)

    assert refused == Failure(InvitationLocked())


async def test_wrong_tokens_lock_the_invitation_too(redemption: Redemption, issued: DrawnSecrets) -> None:
    for _ in range(5):
        await redemption.claim(issued, token="0000000000")

    assert await redemption.claim(issued) == Failure(InvitationLocked())


async def test_a_locked_invitation_does_not_tell_whether_the_birth_date_is_right(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    for _ in range(5):
        await redemption.claim(issued, OTHER_DAY)

    assert await redemption.claim(issued, OTHER_DAY) == await redemption.claim(issued, ADULT)


async def test_unknown_codes_lock_nobody(redemption: Redemption, issued: DrawnSecrets) -> None:
    for _ in range(20):
        await redemption.claim(replace(issued, code="0000000000"))

    assert isinstance(await redemption.claim(issued), Success)


async def test_a_new_invitation_helps_after_five_failures(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    for _ in range(5):
        await redemption.claim(issued, OTHER_DAY)

    assert isinstance(await redemption.claim(redemption.issue()), Success)


async def test_ten_failures_on_several_invitations_lock_the_patient_for_24_hours(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    for each in (issued, redemption.issue()):
        for _ in range(5):
            await redemption.claim(each, OTHER_DAY)
    fresh = redemption.issue()
    locked = await redemption.claim(fresh)
    redemption.clock.let_pass(LOCK_PERIOD)

    later = await redemption.claim(fresh)

    assert locked == Failure(InvitationLocked())
    assert isinstance(later, Success)


async def test_an_attempt_that_cannot_be_recorded_stays_counted() -> None:
    redemption = Redemption(trail=OutOfOrder())
    await redemption.bring_in()
    issued = redemption.issue()

    with pytest.raises(Unavailable):
        await redemption.claim(issued, OTHER_DAY)

    assert redemption.failed_attempts(issued) == 1
