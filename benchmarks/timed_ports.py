"""Ports that time their calls."""

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
    """Times the reads of patients."""

    def __init__(self, timed: PatientRepository, laps: Laps) -> None:
        """Wrap the real one."""
        self._timed = timed
        self._laps = laps

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Call the real one."""
        with self._laps.lap("read"):
            return await self._timed.find(organisation_id, identifiers)


class TimedTokenGenerator(TokenGenerator):
    """Times the draws of codes and tokens."""

    def __init__(self, timed: TokenGenerator, laps: Laps) -> None:
        """Wrap the real one."""
        self._timed = timed
        self._laps = laps

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Call the real one."""
        with self._laps.lap("draw"):
            return self._timed.draw(request_id, patient_ids, attempt)

    def draw_again(
        self, key_id: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Call the real one, untimed."""
        return self._timed.draw_again(key_id, request_id, attempts)


class TimedInvitationRepository(InvitationRepository):
    """Times the writes of invitations."""

    def __init__(self, timed: InvitationRepository, laps: Laps) -> None:
        """Wrap the real one."""
        self._timed = timed
        self._laps = laps

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Call the real one."""
        with self._laps.lap("write"):
            return await self._timed.add(invitations, event, remembered)
