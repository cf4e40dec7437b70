"""The command `serve`."""

import click
from returns.result import Failure, Result, Success

from adapters.http.join.client_addresses import TrustedProxies
from entrypoints import http_process as server
from entrypoints.commands.context import WrongSettingsError
from entrypoints.commands.listening import (
    GRPC_PLAINTEXT,
    METRICS_PORT,
    PORT,
    cannot_listen,
    free_address,
    grpc_address,
    host_and_workers,
    settings_to_serve,
)
from entrypoints.settings import Settings, tls_files


def _settings_or_problem() -> Result[Settings, str]:
    try:
        return Success(settings_to_serve())
    except WrongSettingsError as error:
        return Failure(error.format_message().replace("\ninvitations: ", "; "))


class _Proxies(click.ParamType[TrustedProxies]):
    """A number of proxies, or their addresses."""

    name = "proxies"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> TrustedProxies:
        try:
            return TrustedProxies.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}.", param, ctx)


@click.command()
@click.option("--port", default=8080, show_default=True, type=PORT, help="Port to listen on.")
@click.option("--grpc-port", type=PORT, help="Port to listen on for gRPC, besides HTTP.")
@GRPC_PLAINTEXT
@METRICS_PORT
@click.option(
    "--forwarded-for",
    type=_Proxies(),
    default="0",
    metavar="PROXIES",
    help="The proxies whose X-Forwarded-For header is trusted: how many there are, or their addresses. "
    "The join page limits unknown codes by the client's address.",
)
@host_and_workers
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
    settings = settings_to_serve()
    encrypted = grpc_plaintext or tls_files(settings) is not None
    address = free_address(host, port)
    grpc_at = None if grpc_port is None else grpc_address(host, grpc_port, encrypted=encrypted)
    metrics_at = None if metrics_port is None else (free_address(host, metrics_port), metrics_port)
    try:
        server.serve(
            server.Listening(address, port, workers, grpc_at, metrics_at, forwarded_for),
            settings,
            _settings_or_problem,
        )
    except RuntimeError as error:
        # the server's message contains a stack of its native code
        raise cannot_listen(host, port, str(error).splitlines()[0]) from None
