"""The ports to patients: look-up by identifier, and the storage of reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from returns.result import Result

from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId, PatientRecord


class PatientRepository(Protocol):
    """Finds patients by national identifier, in the service's database or on another server.

    A patient has the same id in every call: codes and tokens are derived from it. An identifier that two
    patients claim counts as unknown, for a guess would open a stranger's record.
    """

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient under each of their identifiers in the request.

        Patients are as the organisation sees them. Unknown identifiers are absent.

        Raises `Unavailable`, and never returns a part of the answer.
        """
        ...


class IdentifiersTaken(Struct, frozen=True):
    """Some identifiers have become another patient's in the meantime."""


class PatientChunk(Struct, frozen=True):
    """Patients that an organisation reports, new or known, and the owners of their identifiers."""

    organisation_id: OrganisationId
    recorded_at: datetime
    patients: Mapping[PatientId, PatientRecord]
    owners: Mapping[PatientIdentifier, PatientId]


class PatientReportRepository(Protocol):
    """Stores reports of patients. All methods raise `Unavailable`."""

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        """Return the patient of each identifier; an identifier that no patient has is absent."""
        ...

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        """Store the chunk, all of it or nothing; its values replace what was known of a patient.

        Each patient of the chunk then has a care relationship with the organisation. Identifiers that
        already belong to the same patient stay. Registration keeps the moment when it was first reported,
        and stays as it is if the chunk does not say.
        """
        ...


class PatientIds(Protocol):
    """Draws the ids of new patients."""

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        ...
