"""The span of looking whether a request was answered before."""

from datetime import datetime

from adapters.tracing.part_spans import PartSpans
from application.ports.remembered_requests import RememberedRequests
from domain.idempotency import RememberedRequest, RequestName


class TracedRememberedRequests(RememberedRequests):
    """Remembers what another does."""

    def __init__(self, requests: RememberedRequests, spans: PartSpans) -> None:
        """Ask `requests`."""
        self._requests = requests
        self._spans = spans

    async def find(self, name: RequestName, since: datetime) -> RememberedRequest | None:
        """Return the request of this name."""
        with self._spans.part("recall"):
            return await self._requests.find(name, since)

    async def forget(self, before: datetime) -> int:
        """Forget what was issued before a moment; no call does that."""
        return await self._requests.forget(before)
