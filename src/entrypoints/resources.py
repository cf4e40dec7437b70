"""The resources of a container: what it opens and closes as a whole."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Protocol, cast

from dependency_injector.containers import DeclarativeContainer

from adapters.sql.database import Database


class Listener(Protocol):
    """A server that listens from its start to its stop."""

    async def start(self, address: str) -> None:
        """Listen on an address and port. Raises RuntimeError or OSError."""
        ...

    async def stop(self) -> None:
        """Take no more calls, and end those in progress."""
        ...


async def database_resource(database: Database) -> AsyncIterator[None]:
    """Close the database at the end; it opens when it is first used."""
    yield
    await database.close()


async def service_resource(
    make_server: Callable[[], Listener], address: str | None, *closes: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Answer gRPC on the address, if there is one. Raises RuntimeError or OSError.

    At the end, the server finishes its calls. Then everything else is closed in this order, even if some of
    it fails to close.
    """
    async with AsyncExitStack() as stack:
        for close in reversed(closes):
            stack.push_async_callback(close)
        if address is not None:
            server = make_server()
            stack.push_async_callback(server.stop)
            await server.start(address)
        yield


async def open_resources(container: DeclarativeContainer) -> None:
    """Open what a container holds."""
    # the library's types leave open whether a resource is asynchronous; here all are
    await cast("Awaitable[None]", container.init_resources())


async def close_resources(container: DeclarativeContainer) -> None:
    """Close what `open_resources` opened."""
    await cast("Awaitable[None]", container.shutdown_resources())
