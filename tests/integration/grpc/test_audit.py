"""Every call of an authorised caller is on record, whether its message comes or not."""

import anyio
import grpc
import pytest
from dependency_injector import providers

from domain.audit import Outcome
from entrypoints.container import Container
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.integration.faults.support.waiting import until
from tests.integration.grpc.support.in_process import serving
from tests.integration.http.support.issuer import CLIENT_ID, Issuer

PATIENCE_SECONDS = 60


@pytest.fixture
def trail(container_in_memory: Container) -> InMemoryAuditRepository:
    trail = InMemoryAuditRepository()
    container_in_memory.storage.audit_repository.override(providers.Object(trail))
    return trail


async def _recorded(trail: InMemoryAuditRepository) -> list[tuple[str, str, int]]:
    """Wait for a record."""

    async def is_there() -> bool:
        return bool(trail.events)

    await until(is_there)
    return [(each.client_id, each.outcome, each.asked) for each in trail.events]


async def test_a_stream_without_messages_is_on_record(
    container_in_memory: Container, issuer: Issuer, trail: InMemoryAuditRepository
) -> None:
    async with serving(container_in_memory, issuer) as client:
        call = client.raw_stream(metadata=client.metadata)
        await call.done_writing()
        with anyio.fail_after(PATIENCE_SECONDS):
            answers = [answer async for answer in call]

        recorded = await _recorded(trail)

    assert answers == []
    assert recorded == [(CLIENT_ID, Outcome.CARRIED_OUT, 0)]


@pytest.mark.parametrize("method", ["raw", "raw_stream"])
async def test_a_call_past_its_deadline_before_its_message_is_on_record(
    container_in_memory: Container, issuer: Issuer, trail: InMemoryAuditRepository, method: str
) -> None:
    async with serving(container_in_memory, issuer) as client:
        call = getattr(client, method)(metadata=client.metadata, timeout=0.5)
        with pytest.raises(grpc.aio.AioRpcError):
            await call.read()

        recorded = await _recorded(trail)

    assert recorded == [(CLIENT_ID, Outcome.REQUEST_NOT_UNDERSTOOD, 0)]
