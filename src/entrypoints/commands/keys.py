"""The commands under `keys`."""

import click

from adapters.keys.key_ring import Key
from adapters.system import SystemClock


@click.group()
def keys() -> None:
    """Manage the keys that codes and tokens are made under."""


@keys.command()
@click.option("--id", "key_id", help="What to call the key; today's date without it.")
def new(key_id: str | None) -> None:
    """Print a new key as INVITATIONS_TOKEN_KEYS takes it.

    To rotate, put it in front of the ones in use, with a comma between.
    """
    try:
        key = Key.draw(SystemClock().today().isoformat() if key_id is None else key_id)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--id") from None
    click.echo(key.written_out())
