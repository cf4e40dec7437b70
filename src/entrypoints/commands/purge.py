"""The command `purge`."""

from datetime import UTC, datetime

import click

from domain.results import failed
from entrypoints.commands.context import administer


@click.command()
@click.option(
    "--expired-before",
    required=True,
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As YYYY-MM-DD; the day itself, in UTC, is not included.",
)
def purge(expired_before: datetime) -> None:
    """Delete the invitations that expired before DATE.

    They are deleted in chunks, while the service runs; audit events stay. Interrupted, it has deleted
    whole chunks, and the same command goes on.
    """
    purged = administer(
        lambda use_cases: use_cases.purge_invitations()(
            expired_before.replace(tzinfo=UTC), lambda removed: click.echo(f"{removed:,} deleted", err=True)
        )
    )
    if failed(purged):
        raise click.ClickException("DATE lies ahead: invitations that are still valid would be deleted")
    click.echo(f"Deleted {purged.unwrap():,} invitations.")
