"""The commands under `db`."""

import click

from adapters.sql.schema import RevisionUnknownError
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import run


@click.group()
def db() -> None:
    """Prepare the database."""


@db.command()
def upgrade() -> None:
    """Upgrade the database's schema to the revision that this release needs.

    Makes a new SQLite file if there is none. Changes nothing if the schema is already at this revision, or
    at a revision of a newer release that serves this one.
    """

    async def work(container: CommandContainer) -> str:
        schema = container.storage().schema()
        try:
            await schema.upgrade()
        except RevisionUnknownError:
            if problem := await schema.problem():
                raise click.ClickException(f"{problem}; nothing was changed") from None
        return f"The database is at revision {await schema.revision()}."

    click.echo(run(work, migrated=False))
