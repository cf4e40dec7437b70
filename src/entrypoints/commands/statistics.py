"""The command `statistics`."""

from collections.abc import Sequence

import click
from msgspec import json, structs

from domain.organisations import OrganisationId
from domain.statistics import InvitationStatistics, Period
from entrypoints.commands.context import administer, organisation_option

_COUNTS = ("issued", "patients", "claimed", "redeemed", "expired", "revoked", "locked")
_NAMES = {"expired": "expired unused", "median_days": "median days"}


@click.command()
@organisation_option("Count for one organisation alone.", required=False)
@click.option(
    "--by",
    type=click.Choice([Period.BATCH.value, Period.WEEK.value]),
    help="A row for each batch, or for each week (by its Monday, in UTC) in which invitations were issued.",
)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object a line, for programs.")
def statistics(organisation: OrganisationId | None, by: str | None, *, as_json: bool) -> None:
    """Count what became of the invitations.

    Columns: issued, patients, claimed (ever), redeemed, expired unused, revoked, locked, and the median of
    the whole days from issue to redemption. Invitations that were purged are counted too.
    """
    period = Period(by) if by else Period.ALL
    rows = administer(lambda use_cases: use_cases.count_invitations()(organisation, period))
    if as_json:
        for each in rows:
            click.echo(json.encode(_object(each, period)).decode())
    else:
        for line in _table(rows, period):
            click.echo(line)


def _key(row: InvitationStatistics, period: Period) -> dict[str, str]:
    key = {"organisation": str(row.organisation_id)}
    if period is not Period.ALL:
        key["week"] = str(row.week)
    if period is Period.BATCH:
        key["batch"] = str(row.batch)
    return key


def _object(row: InvitationStatistics, period: Period) -> dict[str, object]:
    values = structs.asdict(row)
    counts = {name: values[name] for name in _COUNTS}
    return {**_key(row, period), **counts, "median_days": row.median_days}


def _table(rows: Sequence[InvitationStatistics], period: Period) -> list[str]:
    objects = [_object(each, period) for each in rows]
    if not objects:
        return ["No invitations."]
    names = [*objects[0]]
    cells = [[_NAMES.get(name, name) for name in names]]
    cells += [["-" if value is None else _written(value) for value in each.values()] for each in objects]
    widths = [max(len(row[column]) for row in cells) for column in range(len(names))]
    keys = len(names) - len(_COUNTS) - 1
    return [
        "  ".join(
            cell.ljust(width) if column < keys else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _written(value: object) -> str:
    return (
        f"{value:,}" if isinstance(value, int) else f"{value:.1f}" if isinstance(value, float) else str(value)
    )
