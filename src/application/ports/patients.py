"""The ports to patients: look-up by identifier, and the storage of reports."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct

from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import KnownPatient
from domain.patients import Patient, PatientId

T = TypeVar("T")


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


class PatientIdentifiers(Protocol):
    """Finds the national identifiers of patients."""

    async def find(self, patient_ids: Sequence[PatientId]) -> Sequence[PatientIdentifier]:
        """Return all identifiers of these patients, in the order of the patients, then of the systems.

        Raises `Unavailable`.
        """
        ...


class StoredPatient(Confidential, frozen=True):
    """A patient of the repository: the id, and what is known."""

    id: PatientId
    known: KnownPatient


class PatientChanges(Struct, frozen=True):
    """What a decision changes; all of it is stored, or nothing.

    `changed` holds what was known when it was decided, and what is known from now on. The organisation
    has a care relationship with all patients of `reported` afterwards.
    """

    new: Mapping[PatientId, KnownPatient]
    changed: Mapping[PatientId, tuple[KnownPatient, KnownPatient]]
    reported: Sequence[PatientId]


Decide: TypeAlias = Callable[[Mapping[PatientIdentifier, StoredPatient]], tuple[PatientChanges, T]]
"""Takes the patients that identifiers name, and says what changes; it may be called several times."""


class PatientReportRepository(Protocol):
    """Stores what organisations report about patients."""

    async def find(
        self, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        """Return the patients that identifiers name, with all of their identifiers. Raises `Unavailable`."""
        ...

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
    ) -> T:
        """Let `decide` say what changes in the patients that the identifiers name, and store it.

        One transaction: what was decided on is still known when it is stored, even if others report at the
        same time. Otherwise `decide` is called again with what is known by then. A patient comes at least
        with the identifiers that were asked for, and with all of them once a change to it was decided.
        A registration keeps the moment when it was first reported. Raises `Unavailable`.
        """
        ...


class PatientIds(Protocol):
    """Draws the ids of new patients."""

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        ...
