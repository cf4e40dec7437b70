"""The saturation of a process."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.serving.in_flight_limit import InFlightLimit
from adapters.sql.connect import connect
from adapters.telemetry.prometheus import Metrics
from tests.integration.metrics.support.figures import figures_of


def in_work(metrics: Metrics) -> float:
    return figures_of(metrics).sum("invitations_requests_in_progress")


def in_use(metrics: Metrics) -> float:
    return figures_of(metrics).sum("invitations_database_connections_in_use")


@pytest.fixture
def places(metrics: Metrics) -> InFlightLimit:
    return InFlightLimit(3, metrics.saturation.requests(3))


async def test_requests_in_progress_are_measured_against_their_limit(
    metrics: Metrics, places: InFlightLimit
) -> None:
    async with places.acquired(), places.acquired():
        meanwhile = in_work(metrics)

    assert figures_of(metrics).sum("invitations_requests_in_progress_limit") == 3
    assert (meanwhile, in_work(metrics)) == (2, 0)


async def test_a_request_that_waited_for_its_slot_is_in_flight(
    metrics: Metrics, places: InFlightLimit
) -> None:
    async with places.acquired_in_turn():
        meanwhile = in_work(metrics)

    assert (meanwhile, in_work(metrics)) == (1, 0)


async def test_a_request_that_waits_for_its_caller_is_not_in_progress(
    metrics: Metrics, places: InFlightLimit
) -> None:
    async with places.acquired() as slot:
        async with slot.released():
            waiting = in_work(metrics)
        again = in_work(metrics)

    assert (waiting, again) == (0, 1)


async def test_connections_in_use_are_measured_against_their_limit(metrics: Metrics, tmp_path: Path) -> None:
    url = make_url(f"sqlite+aiosqlite:///{tmp_path}/file.db")
    database = connect(url, watch=metrics.saturation.connections)
    seen = []

    async def look(connection: AsyncConnection) -> None:
        await connection.execute(text("SELECT 1"))
        seen.append(in_use(metrics))

    async def look_within(connection: AsyncConnection) -> None:
        await look(connection)
        await database.read(look)

    await database.write(look_within)
    await database.close()

    assert figures_of(metrics).sum("invitations_database_connections_limit") == 16
    assert [*seen, in_use(metrics)] == [1, 2, 0]


def test_postgresql_has_ten_connections(metrics: Metrics) -> None:
    connect(make_url("postgresql+asyncpg://nobody@127.0.0.1/nothing"), watch=metrics.saturation.connections)

    assert figures_of(metrics).sum("invitations_database_connections_limit") == 10
