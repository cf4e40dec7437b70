"""Invitations in memory that expire."""

from collections.abc import AsyncIterator
from datetime import datetime

from application.ports.invitations import ExpiredInvitations
from domain.invitations import Invitation
from tests.fakes.invitation_repository import InMemoryInvitationRepository


class InMemoryExpiredInvitations(ExpiredInvitations):
    """Removes invitations from the lists of an in-memory repository."""

    def __init__(self, store: InMemoryInvitationRepository) -> None:
        self._store = store

    async def remove(self, expired_before: datetime, at_most: int) -> AsyncIterator[int]:
        while chunk := set(self._expired(expired_before)[:at_most]):
            self._store.invitations = [each for each in self._store.invitations if each not in chunk]
            yield len(chunk)

    def _expired(self, before: datetime) -> list[Invitation]:
        return [each for each in self._store.invitations if each.expires_at < before]
