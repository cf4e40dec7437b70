from datetime import datetime, timedelta

import pytest

from domain.invitations import InvitationLife, InvitationState
from tests.builders import EXPIRY, NOW

LATER = NOW + timedelta(hours=1)


def a_life(
    *,
    expires_at: datetime = EXPIRY,
    redeemed_at: datetime | None = None,
    revoked_at: datetime | None = None,
    failed_attempts: int = 0,
    claim_expires_at: datetime | None = None,
) -> InvitationLife:
    return InvitationLife(
        NOW - timedelta(days=1), expires_at, redeemed_at, revoked_at, failed_attempts, claim_expires_at
    )


@pytest.mark.parametrize(
    ("life", "state"),
    [
        pytest.param(a_life(), InvitationState.PENDING, id="pending"),
        pytest.param(a_life(failed_attempts=4), InvitationState.PENDING, id="one-attempt-left"),
        pytest.param(a_life(failed_attempts=5), InvitationState.LOCKED, id="no-attempt-left"),
        pytest.param(a_life(expires_at=NOW), InvitationState.EXPIRED, id="expires-now"),
        pytest.param(a_life(claim_expires_at=LATER), InvitationState.CLAIMED, id="claimed"),
        pytest.param(a_life(claim_expires_at=NOW), InvitationState.PENDING, id="claim-over"),
        pytest.param(a_life(revoked_at=NOW), InvitationState.REVOKED, id="revoked"),
        pytest.param(a_life(redeemed_at=NOW), InvitationState.REDEEMED, id="redeemed"),
    ],
)
def test_the_state_of_an_invitation_follows_from_its_life(
    life: InvitationLife, state: InvitationState
) -> None:
    assert life.state(NOW) == state


@pytest.mark.parametrize(
    ("life", "state"),
    [
        pytest.param(
            a_life(redeemed_at=NOW, revoked_at=NOW), InvitationState.REDEEMED, id="redeemed-before-revoked"
        ),
        pytest.param(
            a_life(revoked_at=NOW, claim_expires_at=LATER),
            InvitationState.REVOKED,
            id="revoked-before-claimed",
        ),
        pytest.param(
            a_life(expires_at=NOW, claim_expires_at=LATER),
            InvitationState.CLAIMED,
            id="claimed-before-expired",
        ),
        pytest.param(
            a_life(expires_at=NOW, failed_attempts=5), InvitationState.EXPIRED, id="expired-before-locked"
        ),
    ],
)
def test_of_several_states_the_first_counts(life: InvitationLife, state: InvitationState) -> None:
    assert life.state(NOW) == state
