"""Compares the stored invitations with the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from cryptography.hazmat.primitives.hmac import HMAC
from sqlalchemy import func, literal, select, union_all

from adapters.keys.key_ring import KeyRing
from adapters.sql.tables import audit_event, invitation, patient_identifier
from domain.audit import Outcome
from tests.integration.http.support.call import Answered
from tests.integration.sql.rows import rows

Entry: TypeAlias = tuple[str, bytes, bytes, datetime]
"""An invitation, as a caller and the database both know it: number, digests, expiry."""


class InvitationRecords:
    """The invitations and audit events in the database of a service."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        key = KeyRing.parse(environment["INVITATIONS_TOKEN_KEYS"]).signing_key
        self._url = environment["INVITATIONS_DATABASE_URL"]
        self._code_digest = key.labelled("code-digest")
        self._token_digest = key.labelled("token-digest")

    async def requests(self) -> Mapping[UUID, int]:
        """Give the requests that were carried out, and how many invitations each has.

        Fails when one of them is not whole: when there is not exactly one audit event, of as many
        invitations as are stored.
        """
        stored = select(literal("stored"), invitation.c.request_id, func.count()).group_by(
            invitation.c.request_id
        )
        recorded = select(literal("recorded"), audit_event.c.request_id, audit_event.c.issued).where(
            audit_event.c.outcome == Outcome.CARRIED_OUT
        )
        # in one statement, that is, at one moment
        found = Counter(
            (kind, request, number)
            for kind, request, number in map(tuple, await rows(self._url, union_all(stored, recorded)))
        )
        by_kind = {
            kind: Counter(
                {(request, number): times for (each, request, number), times in found.items() if each == kind}
            )
            for kind in ("stored", "recorded")
        }
        assert by_kind["stored"] == by_kind["recorded"]
        assert set(found.values()) <= {1}
        return {request: number for _kind, request, number in found}

    async def entries(self) -> set[Entry]:
        """Give the invitations, under the number that callers know the patient by."""
        statement = select(
            patient_identifier.c.value,
            invitation.c.code_digest,
            invitation.c.token_digest,
            invitation.c.expires_at,
        ).join(invitation, invitation.c.patient_id == patient_identifier.c.patient_id)
        return {
            (number, code, token, _in_milliseconds(expiry))
            for number, code, token, expiry in map(tuple, await rows(self._url, statement))
        }

    def answered(self, answers: Iterable[Sequence[Answered]]) -> set[Entry]:
        """List the invitations in the answers."""
        return {
            (
                each.identifier.value,
                _digest(self._code_digest, each.code),
                _digest(self._token_digest, each.token),
                datetime.fromisoformat(each.expiry),
            )
            for answer in answers
            for each in answer
        }


def _digest(keyed: HMAC, secret: str) -> bytes:
    mac = keyed.copy()
    mac.update(secret.encode())
    return mac.finalize()


def _in_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
