"""The command `invitations`."""

import sys
from codecs import register_error
from importlib import import_module
from io import TextIOWrapper

import click
from msgspec import json

from adapters.serving.request_log import describe
from application.ports.system import Unavailable

_LINES = "\N{BOX DRAWINGS LIGHT HORIZONTAL}\N{BOX DRAWINGS HEAVY HORIZONTAL}\N{EN DASH}\N{EM DASH}"

FAILED = 1
INTERRUPTED = 130


_MODULES = {
    "audit": "audit",
    "clients": "clients",
    "db": "db",
    "demo": "demo",
    "generate": "generate",
    "keys": "keys",
    "letters": "letters",
    "organisations": "organisations",
    "patients": "patients",
    "purge": "purge",
    "serve": "serve",
    "serve-grpc": "serve",
    "status": "generate",
}
"""The module of each command in entrypoints.commands."""


class _Commands(click.Group):
    """Loads a command when it is called, so that no command waits for the libraries of others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_MODULES)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest commands with a similar name, of which click would know only those that are loaded."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=_MODULES, ctx=ctx) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"entrypoints.commands.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="invitation-tokens")
def invitations() -> None:
    """Invite patients to their online health record.

    `serve` runs the service, which answers the FHIR STU3 operations
    Organization/$generate-invitation-tokens and Patient/$status-query. `generate` and `status` call them for
    a whole file of patients, and `letters` prints the letters. The other commands manage the service's data.
    Settings are environment variables INVITATIONS_*; docs/reference/settings.md lists them.
    """


def main() -> None:
    """Run a command; report a failure by a line on standard error and by the exit code."""
    _write_plainly()
    try:
        code = invitations.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = error.exit_code
    except click.ClickException as error:
        code = _fail(error.format_message(), error.exit_code)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        code = _fail(f"{error.filename}: {problem}" if isinstance(error.filename, str) else problem, FAILED)
    except Unavailable as error:
        code = _fail(f"the database cannot be used: {error}", FAILED)
    except (click.Abort, KeyboardInterrupt):
        code = _fail("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a bug, whose message may quote a patient
        described = json.encode(describe(error)).decode()
        code = _fail(f"an unexpected error occurred; please report it: {described}", FAILED)
    sys.exit(code)


def _write_plainly() -> None:
    """Replace what the encoding of a terminal lacks, such as lines and accents, and never fail for it."""
    register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join("-" if character in _LINES else "?" for character in lacking), error.end


def _fail(message: str, code: int) -> int:
    click.echo(f"invitations: {message}", err=True)
    return code
