"""The port to the register of patients, for those who keep it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from returns.result import Result

from domain.organisation import OrganisationId
from domain.patient import PatientId
from domain.patient_identifier import PatientIdentifier
from domain.patient_record import PatientRecord


class IdentifiersTaken(Struct, frozen=True):
    """Some identifiers have meanwhile become another patient's."""


class PatientChunk(Struct, frozen=True):
    """Patients that an organisation reports, new or known, and whom the identifiers name from now on."""

    organisation_id: OrganisationId
    recorded_at: datetime
    patients: Mapping[PatientId, PatientRecord]
    owners: Mapping[PatientIdentifier, PatientId]


class PatientRegister(Protocol):
    """Keeps the patients. All methods raise `Unavailable`."""

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        """Tell which patients the identifiers name; those that name nobody are absent."""
        ...

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        """Store the chunk, all of it or nothing; what it says of a known patient replaces what was known.

        Each patient of the chunk then has a care relationship with the organisation. Identifiers that
        name the same patient already stay; registration keeps the moment when it was first reported, and
        where nothing is said of it, what is known stays.
        """
        ...
