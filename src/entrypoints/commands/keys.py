"""The commands under `keys`."""

import click

from adapters.keys.key_ring import Key
from adapters.system import SystemClock


@click.group()
def keys() -> None:
    """Manage the keys from which codes and tokens are derived."""


@keys.command()
@click.option("--id", "key_id", help="The id of the key. Default: today's date.")
def new(key_id: str | None) -> None:
    """Print a new key in the format of INVITATIONS_TOKEN_KEYS.

    To rotate the keys, add it behind the keys in use, after a comma, and restart every process. Then put it
    first, and restart every process again.
    """
    try:
        key = Key.draw(SystemClock().today().isoformat() if key_id is None else key_id)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--id") from None
    click.echo(key.written_out())
