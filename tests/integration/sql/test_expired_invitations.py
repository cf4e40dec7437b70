"""What is kept of invitations that are deleted."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from adapters.sql import expired_invitations as adapter
from adapters.sql.expired_invitations import SqlExpiredInvitations
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.tables import deleted_invitation
from application.ports.invitations import OldInvitations
from tests.builders import EXPIRY, a_request_id, an_audit_event, an_invitation
from tests.contracts.invitation_lives import code_of
from tests.integration.sql.rows import rows

REQUESTS, PATIENTS = 10, 10
LATER = OldInvitations(EXPIRY + timedelta(days=1))


@pytest.fixture
def url(migrated_database_url: str) -> str:
    """Give a database of its own: where rows were deleted, others may lie out of the order of issue."""
    return migrated_database_url


@pytest.fixture(autouse=True)
async def _requests_have_expired(invitation_repository: SqlInvitationRepository) -> None:
    for request in range(1, REQUESTS + 1):
        issued = [
            replace(an_invitation(code_of(request, each)), request_id=a_request_id(request))
            for each in range(PATIENTS)
        ]
        await invitation_repository.add(issued, an_audit_event(request))


async def test_the_invitations_of_a_request_are_deleted_and_counted_together(
    url: str, expired_invitations: SqlExpiredInvitations
) -> None:
    removed = [each async for each in expired_invitations.remove(LATER, PATIENTS)]

    counts = await rows(url, select(deleted_invitation.c.request_id, deleted_invitation.c.number))
    assert removed == [PATIENTS] * REQUESTS
    assert sorted(map(tuple, counts)) == [(a_request_id(each + 1), PATIENTS) for each in range(REQUESTS)]


async def test_more_than_are_looked_for_at_once_are_deleted_too(
    expired_invitations: SqlExpiredInvitations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "AT_ONCE", 25)

    removed = [each async for each in expired_invitations.remove(LATER, PATIENTS)]

    assert removed == [10, 10, 5] * 4
