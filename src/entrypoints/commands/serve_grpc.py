"""The command `serve-grpc`."""

import click

from entrypoints import grpc_process
from entrypoints.commands.listening import (
    GRPC_PLAINTEXT,
    METRICS_PORT,
    PORT,
    free_address,
    grpc_address,
    host_and_workers,
    settings_to_serve,
)
from entrypoints.settings import tls_files


@click.command()
@click.option("--port", default=50051, show_default=True, type=PORT, help="Port to listen on.")
@GRPC_PLAINTEXT
@METRICS_PORT
@host_and_workers
def serve_grpc(
    host: str,
    port: int,
    grpc_plaintext: bool,  # noqa: FBT001 - click hands over options by name
    metrics_port: int | None,
    workers: int,
) -> None:
    """Run the service for gRPC only, until SIGTERM or Ctrl-C.

    Needs the same settings as `serve`. INVITATIONS_GRPC_TLS_CERTIFICATE and INVITATIONS_GRPC_TLS_KEY name
    the files for TLS, and INVITATIONS_GRPC_TLS_CLIENT_CA the file for mutual TLS.
    """
    if metrics_port == port:
        raise click.UsageError("--port and --metrics-port are the same. Choose another one.")
    settings = settings_to_serve()
    encrypted = grpc_plaintext or tls_files(settings) is not None
    address = grpc_address(host, port, encrypted=encrypted)
    metrics_at = None if metrics_port is None else (free_address(host, metrics_port), metrics_port)
    grpc_process.serve(address, workers, metrics_at)
