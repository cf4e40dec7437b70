"""Stores idempotency records in their table, finds and deletes them."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct, ValidationError, convert
from sqlalchemy import Row, and_, bindparam, delete, or_, select

from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.tables import UtcDateTime, remembered_request
from application.ports.invitations import IdempotencyRepository
from domain.eligibility import Decisions
from domain.idempotency import (
    DEFAULT_RETENTION,
    Fingerprint,
    IdempotencyRecord,
    IdempotentRequest,
    ScopedIdempotencyKey,
)
from domain.invitations import RequestId
from domain.patients import PatientId


class _Answer(Struct, frozen=True):
    """The value of the column `answer`."""

    decisions: Decisions
    attempts: Mapping[PatientId, int]


def name_values(name: ScopedIdempotencyKey) -> Mapping[str, Any]:
    """Give the values of the primary key, which holds a digest of the caller's key."""
    return {
        "client_id": name.grant.client_id,
        "organisation_id": name.grant.organisation_id.value,
        "key_digest": sha256(name.key.text.encode()).digest(),
    }


def remembered_request_values(remembered: IdempotencyRecord) -> Mapping[str, Any]:
    """Give the parameters of an insert into the table."""
    request = remembered.request
    values = {
        **name_values(request.name),
        "fingerprint": request.fingerprint.digest,
        "key_id": request.fingerprint.derivation,
        "request_id": remembered.request_id,
        "issued_at": remembered.issued_at,
        "expires_at": remembered.expires_at,
        "answer": _Answer(request.decisions, remembered.attempts),
        "kept_until": remembered.kept_until,
        "revoked_at": None,
    }
    return {f"remembered_request_{column}": value for column, value in values.items()}


def _idempotency_record(name: ScopedIdempotencyKey, row: Row[Any]) -> IdempotencyRecord:
    """Read the row of the request with this name. Raises StorageUnavailable if a newer release wrote it."""
    try:
        answer = convert(row.answer, _Answer)
    except ValidationError:
        # during an upgrade, a process of the newer release can repeat the answer
        raise StorageUnavailable("a newer release has stored the answer") from None
    return IdempotencyRecord(
        IdempotentRequest(
            name,
            Fingerprint(row.key_id, row.fingerprint),
            answer.decisions,
            DEFAULT_RETENTION if row.kept_until is None else row.kept_until - row.issued_at,
        ),
        RequestId(row.request_id),
        row.issued_at,
        row.expires_at,
        answer.attempts,
        revoked=row.revoked_at is not None,
    )


_HAS_NAME = and_(
    *(
        remembered_request.c[name] == bindparam(name)
        for name in ("client_id", "organisation_id", "key_digest")
    )
)
# earlier releases stored no moment
_OUTDATED = or_(
    remembered_request.c.kept_until < bindparam("now", type_=UtcDateTime),
    and_(
        remembered_request.c.kept_until.is_(None),
        remembered_request.c.issued_at < bindparam("default_since", type_=UtcDateTime),
    ),
)
_FIND = select(remembered_request).where(_HAS_NAME)
_FORGET_ONE = delete(remembered_request).where(_HAS_NAME, _OUTDATED)
_FORGET = delete(remembered_request).where(_OUTDATED)


class SqlIdempotencyRepository(IdempotencyRepository):
    """Finds and deletes records; `SqlInvitationRepository` adds them together with their invitations."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def find(self, name: ScopedIdempotencyKey, now: datetime) -> IdempotencyRecord | None:
        """Return the request of this name; delete it if it was kept until a moment before `now`."""
        values = name_values(name)
        result = await self._database.read(lambda connection: connection.execute(_FIND, values))
        row = result.one_or_none()
        if row is None:
            return None
        if now > (row.kept_until or row.issued_at + DEFAULT_RETENTION):
            outdated = {**values, **_as_of(now)}
            await self._database.write(lambda connection: connection.execute(_FORGET_ONE, outdated))
            return None
        return _idempotency_record(name, row)

    async def forget(self, now: datetime) -> int:
        """Delete the requests that were kept until a moment before `now`, and return how many."""
        result = await self._database.write(lambda connection: connection.execute(_FORGET, _as_of(now)))
        return result.rowcount


def _as_of(now: datetime) -> Mapping[str, datetime]:
    return {"now": now, "default_since": now - DEFAULT_RETENTION}
