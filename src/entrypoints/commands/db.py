"""The commands under `db`."""

from functools import partial

import click
from returns.result import Result, Success

from adapters.sql.schema import RevisionUnknownError
from application.administration.record_command import CommandEntry
from domain.administration import Command
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import run
from entrypoints.commands.recorded import operator_option


@click.group()
def db() -> None:
    """Prepare the database."""


@db.command()
@operator_option
def upgrade(operator: str) -> None:
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
        revision = str(await schema.revision())
        # before the upgrade there may be no table for it
        await container.administration().record_command()(
            CommandEntry(Command.UPGRADE_DATABASE, operator), partial(_at, revision)
        )
        return f"The database is at revision {revision}."

    click.echo(run(work, migrated=False))


async def _at(revision: str) -> Result[str, None]:
    return Success(revision)
