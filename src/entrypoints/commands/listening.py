"""What has to be in order before a service listens."""

import socket
from pathlib import Path

import click

from entrypoints.commands.context import WrongSettingsError, settings_from_environment
from entrypoints.grpc_tls import problem_with_tls
from entrypoints.settings import Settings


def settings_to_serve() -> Settings:
    """Read the settings, and look for the files that they name. Raises WrongSettingsError."""
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
    """Find the address of a host. Where somebody listens already, the server would share the port."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise cannot_listen(host, port, error.strerror or "not possible") from None
    return str(address[0])


def cannot_listen(host: str, port: int, reason: str) -> click.ClickException:
    """Say where one cannot listen, and why."""
    return click.ClickException(f"cannot listen on {host}, port {port}: {reason}")
