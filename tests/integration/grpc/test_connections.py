"""Callers without an access token cannot take the service from others."""

import anyio

from adapters.grpc.call import GrpcLimits
from adapters.serving.in_flight_limit import InFlightLimit
from entrypoints.container import Container
from tests.integration.grpc.support.in_process import LIMITS, listening
from tests.integration.grpc.support.raw_http2 import settings_of

PATIENCE_SECONDS = 60
MAX_CONCURRENT_STREAMS = 3
"""The setting: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2"""


async def test_a_connection_carries_at_most_100_calls_at_once(container_in_memory: Container) -> None:
    async with listening(container_in_memory, GrpcLimits(LIMITS, InFlightLimit(1))) as port:
        settings, connected = await settings_of(port)
        connected.close()

    assert settings[MAX_CONCURRENT_STREAMS] == 100


async def test_a_connection_above_the_bound_is_closed(container_in_memory: Container) -> None:
    limits = GrpcLimits(LIMITS, InFlightLimit(1), connections=2)
    async with listening(container_in_memory, limits) as port:
        with anyio.fail_after(PATIENCE_SECONDS):
            connected = [await settings_of(port) for _ in range(3)]
        for _settings, connection in connected:
            connection.close()

    assert [bool(settings) for settings, _connection in connected] == [True, True, False]
