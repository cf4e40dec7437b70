"""The command `serve`."""

import socket

import click

from entrypoints import server
from entrypoints.commands.context import settings_from_environment


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes that answer requests."
)
def serve(host: str, port: int, workers: int) -> None:
    """Run the service until it is told to stop.

    Needs INVITATIONS_ISSUER and INVITATIONS_TOKEN_KEYS. Logs go to standard error as JSON. SIGTERM ends
    it after the requests under way.
    """
    settings = settings_from_environment(to_serve=True)
    try:
        # the server itself takes addresses, not names
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    except socket.gaierror as error:
        raise click.ClickException(f"cannot listen on {host}: {error.strerror}") from None
    try:
        server.serve(str(address), port, workers, settings.log_level)
    except RuntimeError as error:
        # the server's own words come with a stack of its native code
        reason = str(error).splitlines()[0]
        raise click.ClickException(f"cannot listen on {host}, port {port}: {reason}") from None
