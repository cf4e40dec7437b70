"""Counts invitations, stored and deleted, for statistics."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Uuid,
    bindparam,
    distinct,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, deleted_invitation, invitation
from application.ports.invitations import InvitationCounts
from domain.invitations import MAX_FAILED_ATTEMPTS, InvitationLife, RequestId
from domain.organisations import OrganisationId
from domain.statistics import CountedInvitations, Period, RowKey


class WeekOf(FunctionElement[Any]):
    """The Monday, in UTC, of the week of a moment."""

    type = Date()
    inherit_cache = True


class DaysBetween(FunctionElement[Any]):
    """The whole days from one moment to another."""

    type = Integer()
    inherit_cache = True


@compiles(WeekOf, "sqlite")
def _week_of_in_sqlite(element: WeekOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"date({compiler.process(element.clauses, **options)}, '-6 days', 'weekday 1')"


@compiles(WeekOf, "postgresql")
def _week_of_in_postgresql(element: WeekOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return (
        f"CAST(date_trunc('week', {compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC') AS date)"
    )


@compiles(DaysBetween, "sqlite")
def _days_between_in_sqlite(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    first, last = (compiler.process(each, **options) for each in element.clauses)
    return f"((strftime('%s', {last}) - strftime('%s', {first})) / 86400)"


@compiles(DaysBetween, "postgresql")
def _days_between_in_postgresql(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    first, last = (compiler.process(each, **options) for each in element.clauses)
    seconds = f"floor(extract(epoch FROM {last})) - floor(extract(epoch FROM {first}))"
    return f"CAST(floor(({seconds}) / 86400) AS integer)"


WEEK: ColumnElement[Any] = WeekOf(invitation.c.issued_at)
DAYS_TO_REDEEM: ColumnElement[Any] = DaysBetween(invitation.c.issued_at, invitation.c.redeemed_at)
WAS_REDEEMED = invitation.c.redeemed_at.is_not(None)
WAS_REVOKED = invitation.c.revoked_at.is_not(None)
WAS_CLAIMED = or_(
    invitation.c.claimed_at.is_not(None), invitation.c.claim_expires_at.is_not(None), WAS_REDEEMED
)

_NOW = bindparam("now", type_=UtcDateTime)
_SOME_ORGANISATION = bindparam("organisation_id", type_=Uuid)

# what the state of an invitation follows from: the domain decides it, once for all that are alike
_FACTS = (
    WAS_REDEEMED,
    WAS_REVOKED,
    func.coalesce(invitation.c.claim_expires_at > _NOW, literal(value=False)),
    invitation.c.expires_at <= _NOW,
    invitation.c.failed_attempts >= MAX_FAILED_ATTEMPTS,
)
_KEYS = (invitation.c.organisation_id, invitation.c.request_id, WEEK)
_STORED = select(*_KEYS, *_FACTS, WAS_CLAIMED, DAYS_TO_REDEEM, func.count()).group_by(
    *_KEYS, *_FACTS, WAS_CLAIMED, DAYS_TO_REDEEM
)
_KEYS_OF: Mapping[Period, Sequence[ColumnElement[Any]]] = {
    Period.ALL: _KEYS[:1],
    Period.WEEK: (_KEYS[0], _KEYS[2]),
    Period.BATCH: _KEYS,
}
_DELETED = select(
    deleted_invitation.c.organisation_id,
    deleted_invitation.c.request_id,
    deleted_invitation.c.week,
    deleted_invitation.c.redeemed,
    deleted_invitation.c.revoked,
    deleted_invitation.c.claimed,
    deleted_invitation.c.days_to_redeem,
    deleted_invitation.c.number,
)


class SqlInvitationCounts(InvitationCounts):
    """Counts by one statement for the stored invitations, and by one for the deleted ones."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database

    async def count(
        self, organisation_id: OrganisationId | None, now: datetime
    ) -> Sequence[CountedInvitations]:
        """Count the invitations that are stored, and those that were deleted, of one organisation or all."""
        stored = await self._rows(_STORED, invitation.c.organisation_id, organisation_id, {"now": now})
        deleted = await self._rows(_DELETED, deleted_invitation.c.organisation_id, organisation_id, {})
        return [*(_stored(*row) for row in stored), *(_deleted(*row) for row in deleted)]

    async def count_patients(
        self, organisation_id: OrganisationId | None, period: Period
    ) -> Mapping[RowKey, int]:
        """Count the distinct patients of the stored invitations of each row."""
        keys = _KEYS_OF[period]
        statement = select(*keys, func.count(distinct(invitation.c.patient_id))).group_by(*keys)
        rows = await self._rows(statement, invitation.c.organisation_id, organisation_id, {})
        return {_key(period, *row[:-1]): row[-1] for row in rows}

    async def _rows(
        self,
        statement: Select[Any],
        column: ColumnElement[Any],
        organisation_id: OrganisationId | None,
        values: Mapping[str, Any],
    ) -> Sequence[Sequence[Any]]:
        if organisation_id is not None:
            statement = statement.where(column == _SOME_ORGANISATION)
            values = {**values, "organisation_id": organisation_id.value}
        result = await self._database.read(lambda connection: connection.execute(statement, values))
        return [tuple(row) for row in result]


def _key(period: Period, organisation_id: Any, *keys: Any) -> RowKey:  # noqa: ANN401 - the columns of the period
    match period:
        case Period.ALL:
            return (OrganisationId(organisation_id), None, None)
        case Period.WEEK:
            return (OrganisationId(organisation_id), None, keys[0])
        case Period.BATCH:
            return (OrganisationId(organisation_id), RequestId(keys[0]), keys[1])
        case _:
            assert_never(period)


_A_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_LATER = _A_MOMENT + timedelta(days=1)


def _stored(*row: Any) -> CountedInvitations:  # noqa: ANN401 - the columns of `_STORED`
    organisation_id, batch, week, redeemed, revoked, claim_open, expired, locked, claimed, days, number = row
    life = InvitationLife(
        _A_MOMENT,
        _A_MOMENT if expired else _LATER,
        redeemed_at=_A_MOMENT if redeemed else None,
        revoked_at=_A_MOMENT if revoked else None,
        failed_attempts=MAX_FAILED_ATTEMPTS if locked else 0,
        claim_expires_at=_LATER if claim_open else None,
    )
    state = life.state(_A_MOMENT)
    return CountedInvitations(
        OrganisationId(organisation_id), RequestId(batch), week, state, bool(claimed), days, number
    )


def _deleted(*row: Any) -> CountedInvitations:  # noqa: ANN401 - the columns of `_DELETED`
    organisation_id, batch, week, redeemed, revoked, claimed, days, number = row
    # only what was over was deleted
    life = InvitationLife(
        _A_MOMENT,
        _A_MOMENT,
        redeemed_at=_A_MOMENT if redeemed else None,
        revoked_at=_A_MOMENT if revoked else None,
    )
    return CountedInvitations(
        OrganisationId(organisation_id),
        RequestId(batch),
        week,
        life.state(_A_MOMENT),
        claimed,
        days,
        number,
        were_deleted=True,
    )
