"""The command `invitations`."""

import sys

import click
from msgspec import json

from adapters.door.log_line import describe
from application.ports.unavailable import Unavailable
from entrypoints.commands.audit import audit
from entrypoints.commands.clients import clients
from entrypoints.commands.db import db
from entrypoints.commands.demo import demo
from entrypoints.commands.generate import generate
from entrypoints.commands.keys import keys
from entrypoints.commands.letters import letters
from entrypoints.commands.organisations import organisations
from entrypoints.commands.patients import patients
from entrypoints.commands.purge import purge
from entrypoints.commands.serve import serve, serve_grpc
from entrypoints.commands.status import status

FAILED = 1
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="invitation-tokens")
def invitations() -> None:
    """Invite patients to their online health record.

    The service answers the FHIR STU3 operations Organization/$generate-invitation-tokens and
    Patient/$status-query; `generate` and `status` call them for a whole file of patients, and `letters`
    prints what is generated; the other commands prepare what the service works on. Settings come from
    environment variables INVITATIONS_*; the README lists them.
    """


_COMMANDS = (
    *(serve, serve_grpc, demo, db, keys, organisations, clients, patients, audit, purge),
    *(generate, status, letters),
)

for command in _COMMANDS:
    invitations.add_command(command)


def main() -> None:
    """Run a command; whatever goes wrong is said in a line on standard error, and by the exit code."""
    try:
        code = invitations.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = error.exit_code
    except click.ClickException as error:
        code = _fail(error.format_message(), error.exit_code)
    except OSError as error:
        code = _fail(error.strerror or type(error).__name__, FAILED)
    except Unavailable as error:
        code = _fail(f"the database cannot be used: {error}", FAILED)
    except (click.Abort, KeyboardInterrupt):
        code = _fail("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a bug, whose own words may quote a patient
        told = json.encode(describe(error)).decode()
        code = _fail(f"an unexpected error occurred; please report it: {told}", FAILED)
    sys.exit(code)


def _fail(message: str, code: int) -> int:
    click.echo(f"invitations: {message}", err=True)
    return code
