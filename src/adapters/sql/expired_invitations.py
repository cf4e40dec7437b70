"""Expired invitations, deleted chunk by chunk."""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.column_types import UtcDateTime
from adapters.sql.database import Database
from adapters.sql.tables import invitation
from application.ports.expired_invitations import ExpiredInvitations

# each chunk goes on behind the last one, so that no deleted row is passed over twice
_CHUNK = (
    select(invitation.c.id)
    .where(
        invitation.c.id > bindparam("after"),
        invitation.c.expires_at < bindparam("expired_before", type_=UtcDateTime),
    )
    .order_by(invitation.c.id)
    .limit(bindparam("at_most"))
)
_LAST = select(func.max(_CHUNK.subquery("chunk").c.id))
_REMOVE = delete(invitation).where(
    invitation.c.id > bindparam("after"),
    invitation.c.id <= bindparam("last"),
    invitation.c.expires_at < bindparam("expired_before", type_=UtcDateTime),
)


class SqlExpiredInvitations(ExpiredInvitations):
    """Deletes in the order in which invitations were issued."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the table."""
        self._database = database

    async def remove(self, expired_before: datetime, at_most: int) -> AsyncIterator[int]:
        """Remove those that expired before a moment, `at_most` in a transaction."""
        last: int | None = 0
        while last is not None:
            removed, last = await self._remove_chunk(last, expired_before, at_most)
            if removed:
                yield removed

    async def _remove_chunk(
        self, after: int, expired_before: datetime, at_most: int
    ) -> tuple[int, int | None]:
        behind = {"after": after, "expired_before": expired_before}

        async def work(connection: AsyncConnection) -> tuple[int, int | None]:
            last = await connection.scalar(_LAST, {**behind, "at_most": at_most})
            if last is None:
                return 0, None
            removed = await connection.execute(_REMOVE, {**behind, "last": last})
            return removed.rowcount, last

        return await self._database.write(work)
