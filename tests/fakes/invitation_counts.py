"""Counts of invitations in memory."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from application.ports.invitations import InvitationCounts
from domain.invitations import Invitation, InvitationLife
from domain.organisations import OrganisationId
from domain.patients import PatientId
from domain.statistics import CountedInvitations, Period, RowKey, row_key
from tests.fakes.invitation_repository import InMemoryInvitationRepository


def counted(
    invitation: Invitation, life: InvitationLife, now: datetime, *, were_deleted: bool = False
) -> CountedInvitations:
    """Count one invitation."""
    day = invitation.issued_at.astimezone(UTC).date()
    redeemed_at = life.redeemed_at
    return CountedInvitations(
        invitation.organisation_id,
        invitation.request_id,
        day - timedelta(days=day.weekday()),
        life.state(now),
        life.claim_expires_at is not None or redeemed_at is not None,
        None if redeemed_at is None else (redeemed_at - invitation.issued_at).days,
        1,
        were_deleted,
    )


class InMemoryInvitationCounts(InvitationCounts):
    """Counts the invitations of an in-memory repository one by one."""

    def __init__(self, store: InMemoryInvitationRepository) -> None:
        self._store = store

    async def count(
        self, organisation_id: OrganisationId | None, now: datetime
    ) -> Sequence[CountedInvitations]:
        stored = [counted(each, self._store.life_of(each), now) for each in self._store.invitations]
        return [
            each
            for each in (*stored, *self._store.deleted)
            if organisation_id in {None, each.organisation_id}
        ]

    async def count_patients(
        self, organisation_id: OrganisationId | None, period: Period
    ) -> Mapping[RowKey, int]:
        patients: dict[RowKey, set[PatientId]] = {}
        for each in self._store.invitations:
            if organisation_id in {None, each.organisation_id}:
                life = self._store.life_of(each)
                key = row_key(counted(each, life, each.issued_at), period)
                patients.setdefault(key, set()).add(each.patient_id)
        return {key: len(each) for key, each in patients.items()}
