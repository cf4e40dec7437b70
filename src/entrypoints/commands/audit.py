"""The commands under `audit`."""

from datetime import UTC, datetime
from typing import assert_never

import click
from msgspec import json

from adapters.fhir.audit_event import audit_event_resource
from application.administration.audit import PeriodEmpty, PeriodRefused, PeriodUnsettled
from domain.results import failed
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import run


class MomentType(click.ParamType[datetime]):
    """A moment on the command line."""

    name = "moment"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read an ISO date or date and time; without an offset, it is in UTC."""
        try:
            moment = datetime.fromisoformat(str(value))
            in_utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(
                "a moment is a date such as 2026-12-02, or date and time such as 2026-12-02T09:30:00+00:00",
                param,
                ctx,
            )
        return in_utc


@click.group()
def audit() -> None:
    """Read the audit events."""


@audit.command()
@click.option("--since", required=True, metavar="MOMENT", type=MomentType(), help="The start of the period.")
@click.option(
    "--until",
    metavar="MOMENT",
    type=MomentType(),
    help="The end, not included, at least a minute ago. Default: a minute ago, which is printed.",
)
def export(since: datetime, until: datetime | None) -> None:
    """Print the audit events of a period as FHIR STU3 AuditEvents, one per line, oldest first.

    A moment is a date, or date and time, in ISO 8601. Without an offset, it is in UTC.

    Calls of the last minute may still be stored, so no period ends later. Without --until, the last line on
    standard error is the --since of the next export.
    """
    run(lambda container: _print(container, since, until))


async def _print(container: CommandContainer, since: datetime, until: datetime | None) -> None:
    exported = container.administration().export_audit_events()(since, until)
    if failed(exported):
        raise click.ClickException(_why_refused(exported.failure()))
    base_url = container.settings().base_url
    encoder = json.Encoder()
    async for event in exported.unwrap().events:
        click.echo(encoder.encode(audit_event_resource(event, base_url)))
    if until is None:
        click.echo(f"next: --since {exported.unwrap().until.isoformat()}", err=True)


def _why_refused(refused: PeriodRefused) -> str:
    match refused:
        case PeriodEmpty():
            return "the period ends before it begins"
        case PeriodUnsettled(settled_until):
            return (
                "calls of the last minute may still be stored; run the command later, or export until "
                f"{settled_until.isoformat(timespec='seconds')}"
            )
        case _:
            assert_never(refused)
