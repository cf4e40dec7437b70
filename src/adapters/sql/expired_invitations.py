"""Deletes old invitations, and keeps their counts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import LargeBinary, and_, bindparam, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

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
_IS_BEHIND = invitation.c.code_digest > bindparam("after", type_=LargeBinary)
_CHUNK = (
    select(invitation.c.code_digest)
    .where(_IS_BEHIND, _IS_OLD)
    .order_by(invitation.c.code_digest)
    .limit(bindparam("at_most"))
    .subquery("chunk")
)
_LAST = select(_CHUNK.c.code_digest).order_by(_CHUNK.c.code_digest.desc()).limit(1)
_IN_CHUNK = and_(_IS_BEHIND, invitation.c.code_digest <= bindparam("last", type_=LargeBinary), _IS_OLD)
_ALIKE = (
    invitation.c.organisation_id,
    invitation.c.request_id,
    WEEK,
    WAS_CLAIMED,
    WAS_REDEEMED,
    WAS_REVOKED,
    DAYS_TO_REDEEM,
)
_KEEP_COUNTS = insert(deleted_invitation).from_select(
    ["organisation_id", "request_id", "week", "claimed", "redeemed", "revoked", "days_to_redeem", "number"],
    select(*_ALIKE, func.count()).where(_IN_CHUNK).group_by(*_ALIKE),
)
_REMOVE = delete(invitation).where(_IN_CHUNK)


class SqlExpiredInvitations(ExpiredInvitations):
    """Deletes invitations in the order of their key."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database

    async def remove(self, old: OldInvitations, at_most: int) -> AsyncIterator[int]:
        """Delete old invitations, `at_most` in a transaction, which keeps their counts."""
        bounds = {"expired_before": old.expired_before, "redeemed_before": old.redeemed_before}
        last: bytes | None = b""
        while last is not None:
            removed, last = await self._remove_chunk({**bounds, "after": last}, at_most)
            if removed:
                yield removed

    async def _remove_chunk(self, behind: Mapping[str, Any], at_most: int) -> tuple[int, bytes | None]:
        async def work(connection: AsyncConnection) -> tuple[int, bytes | None]:
            last = await connection.scalar(_LAST, {**behind, "at_most": at_most})
            if last is None:
                return 0, None
            await connection.execute(_KEEP_COUNTS, {**behind, "last": last})
            removed = await connection.execute(_REMOVE, {**behind, "last": last})
            return removed.rowcount, last

        return await self._database.write(work)
