"""What the demo leaves to whoever wants to go on by hand: a mailing list, and how to call the service."""

import shlex
from pathlib import Path

import click

from adapters.letters.new_file import write_new_file
from entrypoints.demo.mailing_list import mailing_list
from entrypoints.demo.sample import HOSPITAL

_PATIENTS = "patients.csv"
_ENVIRONMENT = "environment"


def make_sample(directory: Path) -> None:
    """Make a directory that holds the mailing list. Raises click.ClickException when it is there already."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        raise click.ClickException(f"{directory} is there already; name another directory") from None
    text = "".join(f"{line}\n" for line in mailing_list())
    (directory / _PATIENTS).write_text(text, encoding="utf-8")


def add_environment(directory: Path, base_url: str, access_token: str) -> None:
    """Add a script that sets what the commands need to know of the service, for as long as it runs."""
    variables = {
        "BASE_URL": base_url,
        "ORGANISATION": str(HOSPITAL.id),
        "INVITATIONS_ACCESS_TOKEN": access_token,
    }
    script = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    write_new_file(directory / _ENVIRONMENT, script.encode())


def next_commands(directory: Path) -> str:
    """Give the commands that invite everybody on the list."""
    environment, patients, tokens = (
        shlex.quote(str(directory / name)) for name in (_ENVIRONMENT, _PATIENTS, "tokens.csv")
    )
    return (
        f". {environment}\n"
        'invitations generate --server "$BASE_URL" --organisation "$ORGANISATION" \\\n'
        f"  --identifiers {patients} --output {tokens}"
    )
