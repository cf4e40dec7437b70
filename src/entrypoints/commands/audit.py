"""The commands under `audit`."""

from datetime import UTC, datetime
from typing import assert_never

import click
from msgspec import Struct, json
from returns.result import Failure, Result, Success

from adapters.fhir.audit_event import audit_event_resource
from adapters.fhir.command_audit_event import command_audit_event
from application.administration.audit import PeriodEmpty, PeriodRefused, PeriodUnsettled
from application.administration.record_command import CommandEntry, CommandReport
from domain.administration import Command, CommandEvent
from domain.results import failed
from entrypoints.command_container import CommandContainer
from entrypoints.commands.recorded import operator_option, run_recorded


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
@operator_option
def export(since: datetime, until: datetime | None, operator: str) -> None:
    """Print the audit events of a period as FHIR STU3 AuditEvents, one per line, oldest first.

    A moment is a date, or date and time, in ISO 8601. Without an offset, it is in UTC.

    Calls of the last minute may still be stored, so no period ends later. Without --until, the last line on
    standard error is the --since of the next export.
    """
    exported = run_recorded(
        CommandEntry(Command.EXPORT_AUDIT, operator),
        lambda container: _print(container, since, until),
        lambda printed: CommandReport({"events": printed.events}),
    )
    if failed(exported):
        raise click.ClickException(_why_refused(exported.failure()))
    if until is None:
        click.echo(f"next: --since {exported.unwrap().until.isoformat()}", err=True)


class _Printed(Struct, frozen=True):
    events: int
    until: datetime


async def _print(
    container: CommandContainer, since: datetime, until: datetime | None
) -> Result[_Printed, PeriodRefused]:
    exported = container.administration().export_audit_events()(since, until)
    if failed(exported):
        return Failure(exported.failure())
    base_url = container.settings().base_url
    encoder = json.Encoder()
    events = 0
    async for event in exported.unwrap().events:
        if isinstance(event, CommandEvent):
            resource = command_audit_event(event, base_url)
        else:
            resource = audit_event_resource(event, base_url)
        click.echo(encoder.encode(resource))
        events += 1
    return Success(_Printed(events, exported.unwrap().until))


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
