"""The contract of `ExpiredInvitations`.

The consumer supplies the fixtures of the invitation store's contract, and `expired_invitations`, which
removes from that store.
"""

from datetime import datetime, timedelta

import pytest
from msgspec import structs

from application.ports.access import OrganisationRepository
from application.ports.invitations import ExpiredInvitations, InvitationRepository, OldInvitations
from application.ports.patients import PatientReportRepository
from tests.builders import (
    EXPIRY,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.contracts.invitation_repository_contract import Stored

A_DAY = timedelta(days=1)


async def _issue(store: InvitationRepository, request: int, code: str, expires_at: datetime) -> None:
    invitation = structs.replace(an_invitation(code, request=request), expires_at=expires_at)
    await store.add([invitation], an_audit_event(request))


async def _removed(invitations: ExpiredInvitations, before: datetime, at_most: int = 100) -> list[int]:
    return [removed async for removed in invitations.remove(OldInvitations(before), at_most)]


class ExpiredInvitationsContract:
    @pytest.fixture(autouse=True)
    async def _five_invitations_expire_a_day_apart(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
        invitation_repository: InvitationRepository,
    ) -> None:
        await organisation_repository.add(an_organisation())
        await reported(patient_report_repository, a_report(an_identifier(1)))
        for day, code in enumerate("ABCDE"):
            await _issue(invitation_repository, day + 1, code * 10, EXPIRY + day * A_DAY)

    async def test_expired_invitations_are_removed_and_the_others_stay(
        self, expired_invitations: ExpiredInvitations, stored: Stored
    ) -> None:
        removed = await _removed(expired_invitations, EXPIRY + 2 * A_DAY)

        assert removed == [2]
        assert (await stored())[0] == {an_invitation(code * 10).code_digest for code in "CDE"}

    async def test_the_audit_events_stay(
        self, expired_invitations: ExpiredInvitations, stored: Stored
    ) -> None:
        await _removed(expired_invitations, EXPIRY + 9 * A_DAY)

        assert await stored() == (set(), [a_request_id(request) for request in (1, 2, 3, 4, 5)])

    async def test_no_more_than_asked_are_removed_at_once(
        self, expired_invitations: ExpiredInvitations
    ) -> None:
        assert await _removed(expired_invitations, EXPIRY + 9 * A_DAY, at_most=2) == [2, 2, 1]

    async def test_invitations_removed_before_an_interruption_stay_removed(
        self, expired_invitations: ExpiredInvitations, stored: Stored
    ) -> None:
        async for _removed_in_chunk in expired_invitations.remove(OldInvitations(EXPIRY + 9 * A_DAY), 2):
            break

        assert len((await stored())[0]) == 3

    async def test_nothing_is_removed_where_nothing_has_expired(
        self, expired_invitations: ExpiredInvitations
    ) -> None:
        assert await _removed(expired_invitations, EXPIRY) == []
