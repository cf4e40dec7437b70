"""Stores invitations together with their audit event."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from returns.result import Failure, Result, Success
from sqlalchemy import LargeBinary, Uuid, insert, select
from sqlalchemy.exc import IntegrityError

from adapters.sql.audit import INSERT_AUDIT_EVENT, audit_event_values
from adapters.sql.bulk_parameters import BatchColumn, parameter
from adapters.sql.database import Database
from adapters.sql.errors import RowAwaited, is_unique_violation
from adapters.sql.idempotency import remembered_request_values
from adapters.sql.tables import invitation, remembered_request
from application.ports.invitations import (
    CodesTaken,
    InvitationRepository,
    NotStored,
    RequestInProgress,
    RequestStored,
)
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord
from domain.invitations import Invitation

_DIFFERENT = [invitation.c.patient_id, invitation.c.code_digest, invitation.c.token_digest]
_COMMON = [
    invitation.c.organisation_id,
    invitation.c.request_id,
    invitation.c.key_id,
    invitation.c.issued_at,
    invitation.c.expires_at,
]
"""The columns that are the same for all invitations of one request."""


class SqlInvitationRepository(InvitationRepository):
    """Writes a whole batch by one statement, and its audit event in the same transaction."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._batch = database.batch(
            BatchColumn("patient_id", Uuid()),
            BatchColumn("code_digest", LargeBinary()),
            BatchColumn("token_digest", LargeBinary()),
        )
        rows = self._batch.rows.c
        insert_invitations = insert(invitation).from_select(
            [*_DIFFERENT, *_COMMON],
            select(*(rows[column.name] for column in _DIFFERENT), *map(parameter, _COMMON)),
        )
        self._store = database.writing(insert_invitations, INSERT_AUDIT_EVENT)
        # the idempotency record comes first, so that a second request of its name stops there
        self._store_to_remember = database.writing(
            database.claiming(remembered_request), insert_invitations, INSERT_AUDIT_EVENT
        )
        self._stored = select(invitation.c.code_digest).join(
            self._batch.rows, rows.code_digest == invitation.c.code_digest
        )

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, its audit event, and its idempotency record."""
        batch = self._batch.parameters(
            [(each.patient_id, each.code_digest, each.token_digest) for each in invitations]
        )
        values = {**batch, **_values_of_all(invitations), **audit_event_values(event)}
        try:
            if remembered is None:
                await self._store(values)
            else:
                await self._store_to_remember({**values, **remembered_request_values(remembered)})
        except IntegrityError as error:
            if is_unique_violation(error, remembered_request.primary_key):
                return Failure(RequestStored())
            if is_unique_violation(error, invitation.primary_key):
                return Failure(CodesTaken(_repeated(invitations) | await self._stored_among(batch)))
            raise
        except RowAwaited:
            # without a name, the row is another's invitation with the same code
            if remembered is None:
                raise
            return Failure(RequestInProgress())
        return Success(None)

    async def _stored_among(self, batch: Mapping[str, Any]) -> frozenset[bytes]:
        stored = await self._database.read(lambda connection: connection.scalars(self._stored, batch))
        return frozenset(stored)


def _repeated(invitations: Sequence[Invitation]) -> frozenset[bytes]:
    times = Counter(each.code_digest for each in invitations)
    return frozenset(digest for digest, count in times.items() if count > 1)


def _values_of_all(invitations: Sequence[Invitation]) -> Mapping[str, Any]:
    first = invitations[0] if invitations else None
    return {
        "invitation_organisation_id": first and first.organisation_id.value,
        "invitation_request_id": first and first.request_id,
        "invitation_key_id": first and first.key_id,
        "invitation_issued_at": first and first.issued_at,
        "invitation_expires_at": first and first.expires_at,
    }
