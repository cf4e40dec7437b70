"""The ports to patients: who is known, and how reports of them are stored."""

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
        """Return each known patient under each of the identifiers that names them.

        Patients are as the organisation sees them. Unknown identifiers are absent.

        Raises `Unavailable`, and never returns a part of the answer.
        """
        ...


class IdentifiersTaken(Struct, frozen=True):
    """Some identifiers have meanwhile become another patient's."""


class PatientChunk(Struct, frozen=True):
    """Patients that an organisation reports, new or known, and whom the identifiers name from now on."""

    organisation_id: OrganisationId
    recorded_at: datetime
    patients: Mapping[PatientId, PatientRecord]
    owners: Mapping[PatientIdentifier, PatientId]


class PatientReportRepository(Protocol):
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


class PatientIds(Protocol):
    """Gives ids to patients who are new."""

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        ...
