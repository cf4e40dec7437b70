"""Use cases: end the care of patients, unlink an identifier, forget patients, show what is known."""

from datetime import datetime

from returns.result import Failure, Result, Success

from application.administration.named_patients import ChangeNamedPatients, OnChunk
from application.ports.patient_files import PatientFile
from application.ports.patients import CareRepository, PatientRecord, PatientRecordRepository
from application.ports.system import Clock
from domain.administration import Attribution, Command
from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patients import NotFound, PatientId


class EndCare:
    """End an organisation's care relationships with the patients of a file.

    Its open invitations of these patients are revoked in the same transaction.
    """

    def __init__(self, change: ChangeNamedPatients, care: CareRepository) -> None:
        """End the relationships in `care`."""
        self._change = change
        self._care = care

    async def __call__(
        self, organisation_id: OrganisationId, file: PatientFile, on_chunk: OnChunk
    ) -> Result[None, OrganisationUnknown]:
        """End them for an organisation that exists. Raises `Unavailable`."""
        return await self._change(
            Command.END_CARE,
            organisation_id,
            file,
            lambda patients, attribution: self._care.end_care(patients, organisation_id, attribution),
            on_chunk,
        )


class UnlinkIdentifier:
    """Take an identifier off the patient who has it, and revoke the patient's open invitations."""

    def __init__(self, records: PatientRecordRepository, clock: Clock) -> None:
        """Change `records`."""
        self._records = records
        self._clock = clock

    async def __call__(self, identifier: PatientIdentifier) -> Result[PatientId, NotFound]:
        """Return the patient who had the identifier. Raises `Unavailable`."""
        attribution = Attribution(Command.UNLINK_IDENTIFIER, None, self._clock.instant())
        patient = await self._records.unlink(identifier, attribution)
        return Failure(NotFound()) if patient is None else Success(patient)


class ForgetPatients:
    """Erase all that is kept of the patients of a file; events of the audit keep their internal ids."""

    def __init__(self, change: ChangeNamedPatients, records: PatientRecordRepository) -> None:
        """Erase in `records`."""
        self._change = change
        self._records = records

    async def __call__(self, file: PatientFile, on_chunk: OnChunk) -> Result[None, OrganisationUnknown]:
        """Erase them, whichever organisation reported them. Raises `Unavailable`."""
        return await self._change(
            Command.FORGET_PATIENTS,
            None,
            file,
            lambda patients, _attribution: self._records.forget(patients),
            on_chunk,
        )


class ShownPatient(Confidential, frozen=True):
    """All that is kept of a patient at a moment."""

    record: PatientRecord
    moment: datetime


class ShowPatient:
    """Show all that is kept of the patient who has an identifier."""

    def __init__(self, records: PatientRecordRepository, clock: Clock) -> None:
        """Read `records`."""
        self._records = records
        self._clock = clock

    async def __call__(self, identifier: PatientIdentifier) -> Result[ShownPatient, NotFound]:
        """Return the record. Raises `Unavailable`."""
        record = await self._records.show(identifier)
        return Failure(NotFound()) if record is None else Success(ShownPatient(record, self._clock.instant()))
