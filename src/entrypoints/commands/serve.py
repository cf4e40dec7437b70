"""The commands `serve` and `serve-grpc`."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click
from returns.result import Failure, Result, Success

from adapters.http.join.client_addresses import TrustedProxies
from entrypoints import grpc_process as grpc_workers
from entrypoints import http_process as server
from entrypoints.commands.context import WrongSettingsError, settings_from_environment
from entrypoints.grpc_process import socket_address
from entrypoints.settings import TLS_SETTINGS, Settings, problem_with_tls, tls_files


def settings_to_serve() -> Settings:
    """Read the settings, and check the files that they name. Raises WrongSettingsError."""
    settings = settings_from_environment(to_serve=True)
    if settings.jwks and not settings.jwks.startswith("http") and not _is_file(settings.jwks):
        raise WrongSettingsError("INVITATIONS_JWKS is neither a URL nor a file")
    if problem := problem_with_tls(settings):
        raise WrongSettingsError(problem)
    return settings


def _settings_or_problem() -> Result[Settings, str]:
    try:
        return Success(settings_to_serve())
    except WrongSettingsError as error:
        return Failure(error.format_message().replace("\ninvitations: ", "; "))


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


def _grpc_address(host: str, port: int, *, encrypted: bool) -> str:
    """Find where to serve gRPC. Raises UsageError where it would need TLS."""
    address = free_address(host, port)
    if not (encrypted or ip_address(address).is_loopback):
        raise click.UsageError(
            f"Callers of gRPC on {host} would send access tokens in clear. Set {TLS_SETTINGS}, "
            "or add --grpc-plaintext if a proxy or service mesh encrypts."
        )
    return socket_address(address, port)


Command = TypeVar("Command", bound=Callable[..., Any])

_PORT = click.IntRange(1, 65535)
_GRPC_PLAINTEXT = click.option(
    "--grpc-plaintext",
    is_flag=True,
    help="Serve gRPC without TLS to other machines too, because a proxy or service mesh encrypts.",
)
_METRICS_PORT = click.option("--metrics-port", type=_PORT, help="Port for Prometheus metrics, by HTTP.")


def _host_and_workers(command: Command) -> Command:
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    workers = click.option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(1),
        help="The number of processes that answer requests.",
    )
    return host(workers(command))


class _Proxies(click.ParamType[TrustedProxies]):
    """A number of proxies, or their addresses."""

    name = "proxies"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> TrustedProxies:
        try:
            return TrustedProxies.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}.", param, ctx)


@click.command()
@click.option("--port", default=8080, show_default=True, type=_PORT, help="Port to listen on.")
@click.option("--grpc-port", type=_PORT, help="Port to listen on for gRPC, besides HTTP.")
@_GRPC_PLAINTEXT
@_METRICS_PORT
@click.option(
    "--forwarded-for",
    type=_Proxies(),
    default="0",
    metavar="PROXIES",
    help="The proxies whose X-Forwarded-For header is trusted: how many there are, or their addresses. "
    "The join page limits unknown codes by the client's address.",
)
@_host_and_workers
def serve(  # noqa: PLR0913, PLR0917 - the options of the command
    host: str,
    port: int,
    grpc_port: int | None,
    grpc_plaintext: bool,  # noqa: FBT001 - click hands over options by name
    metrics_port: int | None,
    workers: int,
    forwarded_for: TrustedProxies,
) -> None:
    """Run the service until SIGTERM or Ctrl-C.

    Needs INVITATIONS_ISSUER and INVITATIONS_TOKEN_KEYS. Logs go to standard error as JSON. The
    service completes the requests in progress before it ends. At SIGHUP, it reads its settings again.
    Without --metrics-port, it answers /metrics on its main port.
    """
    if grpc_port == port:
        raise click.UsageError("--port and --grpc-port are the same. Choose another one.")
    encrypted = grpc_plaintext or tls_files(settings_to_serve()) is not None
    address = free_address(host, port)
    grpc_address = None if grpc_port is None else _grpc_address(host, grpc_port, encrypted=encrypted)
    metrics_at = None if metrics_port is None else (free_address(host, metrics_port), metrics_port)
    try:
        server.serve(
            server.Listening(address, port, workers, grpc_address, metrics_at, forwarded_for),
            _settings_or_problem,
        )
    except RuntimeError as error:
        # the server's message contains a stack of its native code
        raise cannot_listen(host, port, str(error).splitlines()[0]) from None


@click.command()
@click.option("--port", default=50051, show_default=True, type=_PORT, help="Port to listen on.")
@_GRPC_PLAINTEXT
@_METRICS_PORT
@_host_and_workers
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
    encrypted = grpc_plaintext or tls_files(settings_to_serve()) is not None
    address = _grpc_address(host, port, encrypted=encrypted)
    metrics_at = None if metrics_port is None else (free_address(host, metrics_port), metrics_port)
    grpc_workers.serve(address, workers, metrics_at)
