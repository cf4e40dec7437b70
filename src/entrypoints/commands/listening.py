"""What the commands `serve` and `serve-grpc` share: options, settings, and the address to listen on."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click

from entrypoints.commands.context import WrongSettingsError, settings_from_environment
from entrypoints.settings import TLS_SETTINGS, Settings, problem_with_tls


def settings_to_serve() -> Settings:
    """Read the settings, and check the files that they name. Raises WrongSettingsError."""
    settings = settings_from_environment(to_serve=True)
    if settings.jwks and not settings.jwks.startswith("http") and not _is_file(settings.jwks):
        raise WrongSettingsError("INVITATIONS_JWKS is neither a URL nor a file")
    if problem := problem_with_tls(settings):
        raise WrongSettingsError(problem)
    return settings


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:  # longer than any path: the keys themselves, say
        return False


def free_address(host: str, port: int) -> str:
    """Find the address of a host. If another process listens there, the server would share the port."""
    # an address may have brackets, as it has them in a URL
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise cannot_listen(host, port, error.strerror or "not possible") from None
    return str(address[0])


def cannot_listen(host: str, port: int, reason: str) -> click.ClickException:
    """Give the error that says where the server cannot listen, and why."""
    return click.ClickException(f"cannot listen on {host}, port {port}: {reason}")


def grpc_address(host: str, port: int, *, encrypted: bool) -> str:
    """Find where to serve gRPC, in the library's format. Raises UsageError where it would need TLS."""
    address = free_address(host, port)
    if not (encrypted or ip_address(address).is_loopback):
        raise click.UsageError(
            f"Callers of gRPC on {host} would send access tokens in clear. Set {TLS_SETTINGS}, "
            "or add --grpc-plaintext if a proxy or service mesh encrypts."
        )
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


Command = TypeVar("Command", bound=Callable[..., Any])

PORT = click.IntRange(1, 65535)
GRPC_PLAINTEXT = click.option(
    "--grpc-plaintext",
    is_flag=True,
    help="Serve gRPC without TLS to other machines too, because a proxy or service mesh encrypts.",
)
METRICS_PORT = click.option("--metrics-port", type=PORT, help="Port for Prometheus metrics, by HTTP.")


def host_and_workers(command: Command) -> Command:
    """Add the options of both commands."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    workers = click.option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(1),
        help="The number of processes that answer requests.",
    )
    return host(workers(command))
