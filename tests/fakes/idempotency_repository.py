"""A repository of idempotency records in memory."""

from datetime import datetime

from application.ports.invitations import IdempotencyRepository
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from tests.fakes.invitation_repository import InMemoryInvitationRepository


class InMemoryIdempotencyRepository(IdempotencyRepository):
    """Finds and deletes the idempotency records of an in-memory invitation repository."""

    def __init__(self, store: InMemoryInvitationRepository) -> None:
        self._store = store

    async def find(self, name: ScopedIdempotencyKey, now: datetime) -> IdempotencyRecord | None:
        found = self._store.remembered.get(name)
        if found is not None and found.kept_until < now:
            del self._store.remembered[name]
            return None
        return found

    async def forget(self, now: datetime) -> int:
        old = [name for name, each in self._store.remembered.items() if each.kept_until < now]
        for name in old:
            del self._store.remembered[name]
        return len(old)
