"""Deletes old invitations, and keeps their counts."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from sqlalchemy import LargeBinary, and_, bindparam, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.invitation_counts import DAYS_TO_REDEEM, WAS_CLAIMED, WAS_REDEEMED, WAS_REVOKED, WEEK
from adapters.sql.tables import UtcDateTime, deleted_invitation, invitation
from application.ports.invitations import ExpiredInvitations, OldInvitations

_EXPIRED_BEFORE = bindparam("expired_before", type_=UtcDateTime)
_IS_OLD = or_(
    and_(
        invitation.c.redeemed_at.is_(None),
        invitation.c.expires_at < _EXPIRED_BEFORE,
        or_(invitation.c.claim_expires_at.is_(None), invitation.c.claim_expires_at < _EXPIRED_BEFORE),
    ),
    invitation.c.redeemed_at < bindparam("redeemed_before", type_=UtcDateTime),
)

# each chunk begins behind the last one, so that no deleted row is scanned twice
AT_ONCE = 500_000
"""How many are looked for by one statement, which reads the table from its beginning."""

# in the order of the table, which is that of issue: so the invitations of a request are counted together
_FIND = select(invitation.c.code_digest).where(_IS_OLD).limit(bindparam("at_once"))
_ALIKE = (
    invitation.c.organisation_id,
    invitation.c.request_id,
    WEEK,
    WAS_CLAIMED,
    WAS_REDEEMED,
    WAS_REVOKED,
    DAYS_TO_REDEEM,
)
_COUNTED = select(*_ALIKE, func.count()).group_by(*_ALIKE)


class SqlExpiredInvitations(ExpiredInvitations):
    """Deletes invitations in the order in which they were issued."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._chunk = database.batch(BatchColumn("code_digest", LargeBinary()))
        # one may have been redeemed since it was found
        in_chunk = and_(invitation.c.code_digest.in_(select(self._chunk.rows.c.code_digest)), _IS_OLD)
        self._keep_counts = insert(deleted_invitation).from_select(
            [
                "organisation_id",
                "request_id",
                "week",
                "claimed",
                "redeemed",
                "revoked",
                "days_to_redeem",
                "number",
            ],
            _COUNTED.where(in_chunk),
        )
        self._remove = delete(invitation).where(in_chunk)

    async def remove(self, old: OldInvitations, at_most: int) -> AsyncIterator[int]:
        """Delete old invitations, `at_most` in a transaction, which keeps their counts."""
        bounds = {"expired_before": old.expired_before, "redeemed_before": old.redeemed_before}
        are_more = True
        while are_more:
            found = await self._found(bounds)
            are_more = len(found) == AT_ONCE
            for start in range(0, len(found), at_most):
                removed = await self._remove_chunk(bounds, found[start : start + at_most])
                if removed:
                    yield removed

    async def _found(self, bounds: Mapping[str, Any]) -> Sequence[bytes]:
        values = {**bounds, "at_once": AT_ONCE}
        found = await self._database.read(lambda connection: connection.scalars(_FIND, values))
        return found.all()

    async def _remove_chunk(self, bounds: Mapping[str, Any], digests: Sequence[bytes]) -> int:
        values = {**bounds, **self._chunk.parameters([(each,) for each in digests])}

        async def work(connection: AsyncConnection) -> int:
            await connection.execute(self._keep_counts, values)
            return (await connection.execute(self._remove, values)).rowcount

        return await self._database.write(work)
