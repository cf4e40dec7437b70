"""The refusals of gRPC calls are counted."""

import asyncio

from dependency_injector import providers

from entrypoints.container import Container
from tests.fakes.unavailable import OutOfOrder
from tests.integration.grpc.support.in_process import serving
from tests.integration.http.support.broken import HeldUp
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.metrics.support.figures import figures_of


def counted(container: Container) -> tuple[dict[str, float], dict[str, float]]:
    """Give the statuses and the causes."""
    figures = figures_of(container.telemetry.metrics())
    statuses = figures.by("status", "invitations_requests_total", transport="grpc")
    return statuses, figures.by("cause", "invitations_refusals_total", transport="grpc")


async def test_a_full_in_flight_limit_is_counted(container_in_memory: Container, issuer: Issuer) -> None:
    held_up = HeldUp()
    container_in_memory.storage.patient_repository.override(providers.Object(held_up))
    async with serving(container_in_memory, issuer, places=1) as client:
        in_work = asyncio.ensure_future(client.ask(ADULT))
        await held_up.is_asked(1)

        await client.refusal(ADULT)

        held_up.let_go.set()
        await in_work
    assert counted(container_in_memory) == ({"OK": 1, "UNAVAILABLE": 1}, {"NoSlotFree": 1})


async def test_an_outage_is_counted(container_in_memory: Container, issuer: Issuer) -> None:
    container_in_memory.storage.patient_repository.override(providers.Object(OutOfOrder()))

    async with serving(container_in_memory, issuer) as client:
        await client.refusal(ADULT)

    assert counted(container_in_memory) == ({"UNAVAILABLE": 1}, {"Unavailable": 1})
