"""Ports that note how long they take."""

from collections.abc import Mapping, Sequence

from returns.result import Result

from application.ports.invitations import (
    DrawnSecrets,
    InvitationRepository,
    KeyRetired,
    NotStored,
    TokenGenerator,
)
from application.ports.patients import PatientRepository
from benchmarks.laps import Laps
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord
from domain.identifiers import PatientIdentifier
from domain.invitations import Invitation, RequestId
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId


class TimedPatientRepository(PatientRepository):
    """Times how patients are read."""

    def __init__(self, timed: PatientRepository, laps: Laps) -> None:
        """Take the real one."""
        self._timed = timed
        self._laps = laps

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Do as the real one does."""
        with self._laps.lap("read"):
            return await self._timed.find(organisation_id, identifiers)


class TimedTokenGenerator(TokenGenerator):
    """Times how codes and tokens are drawn."""

    def __init__(self, timed: TokenGenerator, laps: Laps) -> None:
        """Take the real one."""
        self._timed = timed
        self._laps = laps

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Do as the real one does."""
        with self._laps.lap("draw"):
            return self._timed.draw(request_id, patient_ids, attempt)

    def draw_again(
        self, key_id: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Do as the real one does, untimed."""
        return self._timed.draw_again(key_id, request_id, attempts)


class TimedInvitationRepository(InvitationRepository):
    """Times how invitations are written."""

    def __init__(self, timed: InvitationRepository, laps: Laps) -> None:
        """Take the real one."""
        self._timed = timed
        self._laps = laps

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Do as the real one does."""
        with self._laps.lap("write"):
            return await self._timed.add(invitations, event, remembered)
