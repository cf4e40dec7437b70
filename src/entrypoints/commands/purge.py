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
    help="A day as YYYY-MM-DD, in UTC; the day itself is not included.",
)
def purge(expired_before: datetime) -> None:
    """Delete the invitations that expired before DATE.

    The command also deletes outdated idempotency keys and failed claims, and keeps audit events. It works in
    chunks, and the service may run meanwhile. After an interruption, run the same command again.
    """
    purged = administer(
        lambda use_cases: use_cases.purge_invitations()(
            expired_before.replace(tzinfo=UTC), lambda removed: click.echo(f"{removed:,} deleted", err=True)
        )
    )
    if failed(purged):
        raise click.ClickException("DATE is in the future: invitations that are still valid would be deleted")
    click.echo(f"Deleted {purged.unwrap():,} invitations.")
