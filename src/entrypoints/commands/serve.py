"""The commands `serve` and `serve-grpc`."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from entrypoints import grpc_workers, server
from entrypoints.commands.listening import cannot_listen, free_address, settings_to_serve
from entrypoints.grpc_workers import socket_address

Command = TypeVar("Command", bound=Callable[..., Any])

_PORT = click.IntRange(1, 65535)


def _host_and_workers(command: Command) -> Command:
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    workers = click.option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(1),
        help="Processes that answer requests.",
    )
    return host(workers(command))


@click.command()
@click.option("--port", default=8080, show_default=True, type=_PORT, help="Port to listen on.")
@click.option("--grpc-port", type=_PORT, help="Port to answer gRPC on, too.")
@_host_and_workers
def serve(host: str, port: int, grpc_port: int | None, workers: int) -> None:
    """Run the service until it is told to stop.

    Needs INVITATIONS_ISSUER and INVITATIONS_TOKEN_KEYS. Logs go to standard error as JSON. SIGTERM ends
    it after the requests under way.
    """
    settings = settings_to_serve()
    address = free_address(host, port)
    grpc_address = None if grpc_port is None else socket_address(free_address(host, grpc_port), grpc_port)
    try:
        server.serve(address, port, workers, settings.log_level, grpc_address)
    except RuntimeError as error:
        # the server's own words come with a stack of its native code
        raise cannot_listen(host, port, str(error).splitlines()[0]) from None


@click.command()
@click.option("--port", default=50051, show_default=True, type=_PORT, help="Port to listen on.")
@click.option("--metrics-port", type=_PORT, help="Port to answer Prometheus on, by HTTP.")
@_host_and_workers
def serve_grpc(host: str, port: int, metrics_port: int | None, workers: int) -> None:
    """Run the service for gRPC alone, until it is told to stop.

    Needs what `serve` needs, and ends as it does. INVITATIONS_GRPC_TLS_CERTIFICATE and
    INVITATIONS_GRPC_TLS_KEY name the files for TLS, INVITATIONS_GRPC_TLS_CLIENT_CA that for mutual TLS.
    """
    settings_to_serve()
    address = socket_address(free_address(host, port), port)
    metrics_at = None if metrics_port is None else (free_address(host, metrics_port), metrics_port)
    grpc_workers.serve(address, workers, metrics_at)
