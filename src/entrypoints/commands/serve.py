"""The command `serve`."""

import socket
from pathlib import Path

import click

from entrypoints import server
from entrypoints.commands.context import WrongSettingsError, settings_from_environment


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
    if settings.jwks and not settings.jwks.startswith("http") and not _is_file(settings.jwks):
        raise WrongSettingsError("INVITATIONS_JWKS is neither a URL nor a file")
    address = _free_address(host, port)
    try:
        server.serve(address, port, workers, settings.log_level)
    except RuntimeError as error:
        # the server's own words come with a stack of its native code
        raise _cannot_listen(host, port, str(error).splitlines()[0]) from None


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:  # longer than any path: the keys themselves, say
        return False


def _free_address(host: str, port: int) -> str:
    """Find the address of a host. Where somebody listens already, the server would share the port."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise _cannot_listen(host, port, error.strerror or "not possible") from None
    return str(address[0])


def _cannot_listen(host: str, port: int, reason: str) -> click.ClickException:
    return click.ClickException(f"cannot listen on {host}, port {port}: {reason}")
