"""Reads the audit events in the database."""

from typing import Any

from msgspec import Struct
from sqlalchemy import func, select

from adapters.sql.tables import audit_event
from tests.integration.sql.rows import rows


class Audited(Struct, frozen=True):
    """The record of a call."""

    operation: str
    outcome: str
    client_id: str
    organisation_id: str | None
    asked: int


class AuditRecords:
    """The records that were made since a moment."""

    def __init__(self, url: str, last: int) -> None:
        self._url = url
        self._last = last

    @classmethod
    async def from_now_on(cls, url: str) -> "AuditRecords":
        [[last]] = await rows(url, select(func.max(audit_event.c.id)))
        return cls(url, last or 0)

    async def rows(self) -> list[dict[str, Any]]:
        """Give them as the table has them."""
        later = select(audit_event).where(audit_event.c.id > self._last).order_by(audit_event.c.id)
        return [{**row._mapping} for row in await rows(self._url, later)]  # noqa: SLF001 - SQLAlchemy's public name for it

    async def made(self) -> list[Audited]:
        """Give the caller and the outcome of each."""
        return [
            Audited(
                row["operation"],
                row["outcome"],
                row["client_id"],
                row["organisation_id"] and str(row["organisation_id"]),
                row["asked"],
            )
            for row in await self.rows()
        ]
