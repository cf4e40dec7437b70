"""The command `invitations`."""

import os
import sys
from codecs import register_error
from importlib import import_module
from io import TextIOWrapper

import click
from msgspec import json

from adapters.serving.request_log import describe
from application.ports.system import Unavailable
from entrypoints.loading import collection_paused
from entrypoints.standard_streams import open_closed_streams
from entrypoints.stopping import stopped_like_ctrl_c

_LINES = "\N{BOX DRAWINGS LIGHT HORIZONTAL}\N{BOX DRAWINGS HEAVY HORIZONTAL}\N{EN DASH}\N{EM DASH}"

FAILED = 1
WRONGLY_CALLED = 2
INTERRUPTED = 130


_COMMANDS = {
    "audit": ("audit", "Read the audit events."),
    "clients": (
        "clients",
        "Manage which OAuth client may act for which organisation, and which may redeem invitations.",
    ),
    "db": ("db", "Prepare the database, and back it up."),
    "demo": (
        "demo",
        "Show the service at work: sample patients, a real HTTP call, the answer explained.",
    ),
    "generate": ("generate", "Invite the patients of a file through a service, 500 in a request."),
    "keys": ("keys", "Manage the keys from which codes and tokens are derived."),
    "letters": (
        "letters",
        "Print a letter for each patient who is invited, with code, token and QR code.",
    ),
    "organisations": ("organisations", "Manage the organisations that invite their patients."),
    "patients": ("patients", "Manage the patients."),
    "purge": ("purge", "Delete the invitations that expired before DATE without being redeemed."),
    "revoke": ("revoke", "Revoke invitations through a service: those of a file, or of a batch."),
    "serve": ("serve", "Run the service until SIGTERM or Ctrl-C."),
    "serve-grpc": ("serve_grpc", "Run the service for gRPC only, until SIGTERM or Ctrl-C."),
    "statistics": ("statistics", "Count what became of the invitations."),
    "status": (
        "generate",
        "Query the status of the patients of a file through a service, 5,000 in a request.",
    ),
}
"""The module of each command in entrypoints.commands, and the first line of its help."""


class _Commands(click.Group):
    """Loads a command when it is called, so that no command waits for the libraries of others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest commands with a similar name, of which click would know only those that are loaded."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=_COMMANDS, ctx=ctx) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _help = _COMMANDS[cmd_name]
        with collection_paused():
            loaded = import_module(f"entrypoints.commands.{module}")
        command: click.Command = getattr(loaded, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without loading them, as click would list them."""
        room = formatter.width - 6 - max(map(len, _COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=line).get_short_help_str(room))
                    for name, (_module, line) in _COMMANDS.items()
                ]
            )


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
    # native code would write lines of its own into the log; the library reads this when it is imported
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        open_closed_streams()
    except OSError:
        sys.exit(_fail("the standard output is closed; send it to a file or to /dev/null", WRONGLY_CALLED))
    _write_plainly()
    with stopped_like_ctrl_c():
        sys.exit(_run())


def _run() -> int:
    try:
        code: int = invitations.main(standalone_mode=False)
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
    return code


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
    # names of files, and what servers say, could move the cursor of the terminal
    visible = "".join(each if each.isprintable() or each == "\n" else " " for each in message)
    click.echo(f"invitations: {visible}", err=True)
    return code
