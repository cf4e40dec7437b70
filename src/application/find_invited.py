"""A step of the use cases: find the patients whose invitations a request is about."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.charge_callers import ChargeCallers
from application.find_patients import FindPatients, IdentifiersRejected, with_patients
from application.ports.invitations import InvitationBatches
from application.ports.patients import PatientIdentifiers
from domain.access import AuthorisedCaller
from domain.audit import AuditEvent, Outcome
from domain.confidential import Confidential
from domain.identifiers import RequestedIdentifier
from domain.invitations import RequestId
from domain.patients import Patient, PatientId
from domain.results import failed


class BatchUnknown(Struct, frozen=True):
    """The organisation has issued no batch of this id; another organisation may have."""


InvitedRejected: TypeAlias = IdentifiersRejected | BatchUnknown

Named: TypeAlias = Sequence[RequestedIdentifier] | RequestId
"""Patients by their identifiers, or all that were invited in a batch."""


class InvitedPatients(Confidential, frozen=True):
    """The patients that a request is about, and each identifier with its patient, in request order.

    A patient of a batch has an entry for each of their identifiers: the service does not keep by which one
    they were invited.
    """

    patient_ids: Sequence[PatientId]
    named: Sequence[tuple[RequestedIdentifier, Patient | None]]
    batch: RequestId | None = None

    def on_record(self, event: AuditEvent) -> AuditEvent:
        """Add the patients of the distinct identifiers, and the batch, to the event of the request."""
        return replace(with_patients(event, list(dict(self.named).values())), batch=self.batch)


class FindInvited:
    """Find the patients that a request names, or those who were invited in a batch.

    - Identifiers are found as for any operation.
    - A batch belongs to one organisation; for all others it does not exist.
    - Each patient of a batch counts against the caller's rate limit as an identifier does.
    """

    def __init__(
        self,
        find: FindPatients,
        batches: InvitationBatches,
        identifiers: PatientIdentifiers,
        charge: ChargeCallers,
        record: AuditRecorder,
    ) -> None:
        """Charge the patients of batches by `charge`."""
        self._find = find
        self._batches = batches
        self._identifiers = identifiers
        self._charge = charge
        self._record = record

    async def __call__(
        self, authorised: AuthorisedCaller, named: Named, at_most: int
    ) -> Result[InvitedPatients, InvitedRejected]:
        """Return the patients, or why the request is refused. A refusal is recorded. Raises `Unavailable`."""
        if isinstance(named, Sequence):
            return await self._of_identifiers(authorised, named, at_most)
        return await self._of_batch(authorised, named)

    async def _of_identifiers(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[InvitedPatients, InvitedRejected]:
        found = await self._find(authorised, requested, at_most)
        if failed(found):
            return Failure(found.failure())
        patients = found.unwrap()
        ids = dict.fromkeys(patient.id for patient in patients if patient is not None)
        return Success(InvitedPatients(tuple(ids), list(zip(requested, patients, strict=True))))

    async def _of_batch(
        self, authorised: AuthorisedCaller, batch: RequestId
    ) -> Result[InvitedPatients, InvitedRejected]:
        patient_ids = await self._batches.patients(authorised.organisation_id, batch)
        if patient_ids is None:
            await self._record.refused(authorised, Outcome.BATCH_UNKNOWN)
            return Failure(BatchUnknown())
        charged = await self._charge.patients(authorised, len(patient_ids))
        if failed(charged):
            return Failure(charged.failure())
        identifiers = await self._identifiers.find(patient_ids)
        requested = [RequestedIdentifier(each.system.value, each.value) for each in identifiers]
        patients = await self._find.again(authorised, requested)
        pairs = zip(requested, patients, strict=True)
        # an identifier may name another patient by now
        named = [
            (identifier, patient) for identifier, patient in pairs if patient and patient.id in {*patient_ids}
        ]
        return Success(InvitedPatients(patient_ids, named, batch))
