"""The commands under `db`."""

from functools import partial
from pathlib import Path

import click
from returns.result import Result, Success

from adapters.letters.new_file import new_file
from adapters.sql.schema import RevisionUnknownError
from adapters.sql.sqlite import back_up
from application.administration.record_command import CommandEntry
from domain.administration import Command
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import run
from entrypoints.commands.recorded import operator_option


@click.group()
def db() -> None:
    """Prepare the database, and back it up."""


@db.command()
@operator_option
def upgrade(operator: str) -> None:
    """Upgrade the database's schema to the revision that this release needs.

    Makes a new SQLite file if there is none. Changes nothing if the schema is already at this revision, or
    at a revision of a newer release that serves this one.
    """

    async def work(container: CommandContainer) -> str:
        schema = container.storage().migrations()
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


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy a SQLite database into a new FILE, also while the service runs.

    FILE appears when it is complete. Only its owner can read it. Do not copy the database's own file: what
    was written last is in a file beside it. Back up PostgreSQL by pg_dump.
    """
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"the directory of {file} does not exist")

    async def work(container: CommandContainer) -> str:
        storage = container.storage()
        if not storage.database().is_sqlite:
            raise click.ClickException("the database is on PostgreSQL; back it up by pg_dump")
        revision = await storage.schema().revision()
        if revision is None:
            raise click.ClickException("the database is empty; check INVITATIONS_DATABASE_URL")
        with new_file(file) as unfinished:
            await back_up(storage.database(), unfinished)
        return f"{file} has a copy of the database at revision {revision}."

    try:
        click.echo(run(work, migrated=False))
    except FileExistsError:
        raise click.ClickException(f"{file} already exists; choose another name or delete it") from None
