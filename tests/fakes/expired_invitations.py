"""Invitations in memory that expire."""

from collections.abc import AsyncIterator

from application.ports.invitations import ExpiredInvitations, OldInvitations
from domain.invitations import Invitation
from tests.fakes.invitation_counts import counted
from tests.fakes.invitation_repository import InMemoryInvitationRepository


class InMemoryExpiredInvitations(ExpiredInvitations):
    """Removes invitations from the lists of an in-memory repository."""

    def __init__(self, store: InMemoryInvitationRepository) -> None:
        self._store = store

    async def remove(self, old: OldInvitations, at_most: int) -> AsyncIterator[int]:
        while chunk := set([each for each in self._store.invitations if self._is_old(each, old)][:at_most]):
            self._store.deleted += [
                counted(each, self._store.life_of(each), old.expired_before, were_deleted=True)
                for each in chunk
            ]
            self._store.invitations = [each for each in self._store.invitations if each not in chunk]
            yield len(chunk)

    def _is_old(self, invitation: Invitation, old: OldInvitations) -> bool:
        life = self._store.life_of(invitation)
        if life.redeemed_at is not None:
            return old.redeemed_before is not None and life.redeemed_at < old.redeemed_before
        return max(life.expires_at, life.claim_expires_at or life.expires_at) < old.expired_before
