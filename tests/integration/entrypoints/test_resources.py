"""What the service opened is closed, whatever fails."""

import pytest

from entrypoints.container import Container
from entrypoints.resources import service_resource
from tests.integration.entrypoints.a_setup import settings_of


async def test_everything_is_closed_though_something_fails_to_close() -> None:
    server = Container(settings=settings_of({})).grpc.server
    closed: list[str] = []

    async def close_first() -> None:
        closed.append("first")
        raise OSError("the first fails")

    async def close_second() -> None:
        closed.append("second")

    service = service_resource(server, None, close_first, close_second)
    await anext(service)

    with pytest.raises(OSError, match="the first fails"):
        await anext(service)

    assert closed == ["first", "second"]
