"""The command `purge`."""

from datetime import UTC, datetime

import click

from application.administration.record_command import CommandEntry, CommandReport
from application.ports.invitations import OldInvitations
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
@click.option(
    "--redeemed-before",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Delete redeemed invitations too, if they were redeemed before this day.",
)
@operator_option
def purge(expired_before: datetime, redeemed_before: datetime | None, operator: str) -> None:
    """Delete the invitations that expired before DATE without being redeemed.

    Redeemed invitations are kept, unless --redeemed-before is given. `statistics` goes on counting what was
    deleted.

    The command also deletes outdated idempotency keys and failed claims, and keeps audit events. It works in
    chunks, and the service may run meanwhile. After an interruption, run the same command again.
    """
    old = OldInvitations(
        expired_before.replace(tzinfo=UTC), redeemed_before and redeemed_before.replace(tzinfo=UTC)
    )
    purged = run_recorded(
        CommandEntry(Command.PURGE, operator),
        lambda container: container.administration().purge_invitations()(
            old, lambda removed: click.echo(f"{removed:,} deleted", err=True)
        ),
        lambda removed: CommandReport({"deleted": removed}),
    )
    if failed(purged):
        raise click.ClickException("DATE is in the future: invitations that are still valid would be deleted")
    click.echo(f"Deleted {purged.unwrap():,} invitations.")
