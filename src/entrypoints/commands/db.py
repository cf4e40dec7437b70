"""The commands under `db`."""

import click

from adapters.sql.schema import RevisionUnknownError
from entrypoints.commands.context import run
from entrypoints.container import Container


@click.group()
def db() -> None:
    """Prepare the database."""


@db.command()
def upgrade() -> None:
    """Bring the database's schema to the revision that this release wants.

    Makes a new SQLite file if there is none. Nothing happens when the schema is there already.
    """

    async def work(container: Container) -> str | None:
        schema = container.schema()
        await schema.upgrade()
        return await schema.revision()

    try:
        revision = run(work, migrated=False)
    except RevisionUnknownError:
        raise click.ClickException(
            "the database is at a revision of a newer release; nothing was changed"
        ) from None
    click.echo(f"The database is at revision {revision}.")
