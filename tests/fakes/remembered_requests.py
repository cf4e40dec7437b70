"""Requests in memory that may be sent again."""

from datetime import datetime

from application.ports.invitations import RememberedRequests
from domain.idempotency import RememberedRequest, RequestName
from tests.fakes.invitation_store import InMemoryInvitationStore


class InMemoryRememberedRequests(RememberedRequests):
    """Finds, and forgets, what a store of invitations was told to remember."""

    def __init__(self, store: InMemoryInvitationStore) -> None:
        self._store = store

    async def find(self, name: RequestName, since: datetime) -> RememberedRequest | None:
        found = self._store.remembered.get(name)
        if found is not None and found.issued_at < since:
            del self._store.remembered[name]
            return None
        return found

    async def forget(self, before: datetime) -> int:
        old = [name for name, each in self._store.remembered.items() if each.issued_at < before]
        for name in old:
            del self._store.remembered[name]
        return len(old)
