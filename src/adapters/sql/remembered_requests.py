"""Requests that may be sent again."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select

from adapters.sql.column_types import UtcDateTime
from adapters.sql.database import Database
from adapters.sql.remembered_request_row import name_values, remembered_request_of
from adapters.sql.tables import remembered_request
from application.ports.remembered_requests import RememberedRequests
from domain.idempotency import RememberedRequest, RequestName

_OF_NAME = and_(
    *(
        remembered_request.c[name] == bindparam(name)
        for name in ("client_id", "organisation_id", "key_digest")
    )
)
_BEFORE = remembered_request.c.issued_at < bindparam("before", type_=UtcDateTime)
_FIND = select(remembered_request).where(_OF_NAME)
_FORGET_ONE = delete(remembered_request).where(_OF_NAME, _BEFORE)
_FORGET = delete(remembered_request).where(_BEFORE)


class SqlRememberedRequests(RememberedRequests):
    """Reads and deletes; a request is added together with its invitations."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the table."""
        self._database = database

    async def find(self, name: RequestName, since: datetime) -> RememberedRequest | None:
        """Return the request of this name; one from before `since` is forgotten."""
        values = name_values(name)
        result = await self._database.read(lambda connection: connection.execute(_FIND, values))
        row = result.one_or_none()
        if row is None:
            return None
        if row.issued_at < since:
            outdated = {**values, "before": since}
            await self._database.write(lambda connection: connection.execute(_FORGET_ONE, outdated))
            return None
        return remembered_request_of(name, row)

    async def forget(self, before: datetime) -> int:
        """Forget what was issued before a moment, and return how many requests that were."""
        result = await self._database.write(
            lambda connection: connection.execute(_FORGET, {"before": before})
        )
        return result.rowcount
