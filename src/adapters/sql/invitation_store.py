"""Invitations and audit events, stored together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from returns.result import Failure, Result, Success
from sqlalchemy import LargeBinary, Uuid, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.batch import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import audit_event, invitation
from adapters.sql.violations import is_unique_violation
from application.ports.invitation_store import CodesTaken, InvitationStore
from domain.audit_event import AuditEvent
from domain.invitation import Invitation

_SHARED = ("organisation_id", "request_id", "key_id", "issued_at", "expires_at")
"""What the invitations of one request have in common."""


class SqlInvitationStore(InvitationStore):
    """Writes a whole batch by one statement, and its audit event in the same transaction."""

    def __init__(self, database: Database) -> None:
        """Take the database to write to."""
        self._database = database
        self._batch = database.batch(
            BatchColumn("patient_id", Uuid()),
            BatchColumn("code_digest", LargeBinary()),
            BatchColumn("token_digest", LargeBinary()),
        )
        rows = self._batch.rows.c
        shared = [bindparam(name, type_=invitation.c[name].type) for name in _SHARED]
        self._insert = insert(invitation).from_select(
            ["patient_id", "code_digest", "token_digest", *_SHARED],
            select(rows.patient_id, rows.code_digest, rows.token_digest, *shared),
        )
        self._stored = select(invitation.c.code_digest).join(
            self._batch.rows, rows.code_digest == invitation.c.code_digest
        )

    async def add(self, invitations: Sequence[Invitation], event: AuditEvent) -> Result[None, CodesTaken]:
        """Store the invitations of a request and its audit event, all of them or nothing."""
        batch = self._batch.parameters(
            [(each.patient_id, each.code_digest, each.token_digest) for each in invitations]
        )

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(audit_event), _audit_row(event))
            if invitations:
                await connection.execute(self._insert, {**batch, **_shared_values(invitations[0])})

        try:
            await self._database.write(work)
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
            repeated = {digest for digest, times in _code_digests(invitations).items() if times > 1}
            return Failure(CodesTaken(frozenset(repeated | await self._stored_among(batch))))
        return Success(None)

    async def _stored_among(self, batch: Mapping[str, Any]) -> set[bytes]:
        async with self._database.reading() as connection:
            return set((await connection.execute(self._stored, batch)).scalars())


def _code_digests(invitations: Sequence[Invitation]) -> Counter[bytes]:
    return Counter(each.code_digest for each in invitations)


def _shared_values(invitation: Invitation) -> Mapping[str, Any]:
    return {
        "organisation_id": invitation.organisation_id.value,
        "request_id": invitation.request_id,
        "key_id": invitation.key_id,
        "issued_at": invitation.issued_at,
        "expires_at": invitation.expires_at,
    }


def _audit_row(event: AuditEvent) -> Mapping[str, Any]:
    return {
        "request_id": event.request_id,
        "recorded_at": event.recorded_at,
        "client_id": event.client_id,
        "organisation_id": event.organisation_id.value,
        "asked": event.asked,
        "issued": len(event.issued_patients),
        "omitted": event.omitted,
        "patients": {"issued": event.issued_patients, **event.omitted_patients},
    }
