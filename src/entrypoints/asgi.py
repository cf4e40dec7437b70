"""The process that a worker of the HTTP server runs."""

from pathlib import Path

from adapters.http.app import Lifespan
from adapters.http.asgi import AsgiApp
from entrypoints.worker import worker_container


def create_app(grpc_address: str | None = None, metrics_directory: Path | None = None) -> AsgiApp:
    """Make the application from the environment; with an address, it answers gRPC there as long as it lives.

    It counts in the directory, if there is one, together with other processes.

    Raises SystemExit with a line for each wrong setting.
    """
    container = worker_container(metrics_directory)
    if grpc_address is None:
        return container.http_app()
    address = grpc_address

    async def start_grpc() -> None:
        await container.grpc_server().start(address)

    return container.http_app(lifespan=Lifespan(container.on_shutdown(), [start_grpc]))
