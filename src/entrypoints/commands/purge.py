"""The command `purge`."""

from datetime import UTC, datetime

import click

from application.administration.record_command import CommandEntry, CommandReport
from domain.administration import Command
from domain.results import failed
from entrypoints.commands.recorded import operator_option, run_recorded


@click.command()
@click.option(
    "--expired-before",
    required=True,
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A day as YYYY-MM-DD, in UTC; the day itself is not included.",
)
@operator_option
def purge(expired_before: datetime, operator: str) -> None:
    """Delete the invitations that expired before DATE.

    The command also deletes outdated idempotency keys and failed claims, and keeps audit events. It works in
    chunks, and the service may run meanwhile. After an interruption, run the same command again.
    """
    purged = run_recorded(
        CommandEntry(Command.PURGE, operator),
        lambda container: container.administration().purge_invitations()(
            expired_before.replace(tzinfo=UTC), lambda removed: click.echo(f"{removed:,} deleted", err=True)
        ),
        lambda removed: CommandReport({"deleted": removed}),
    )
    if failed(purged):
        raise click.ClickException("DATE is in the future: invitations that are still valid would be deleted")
    click.echo(f"Deleted {purged.unwrap():,} invitations.")
