"""The ports to patients: look-up by identifier, and the storage of reports."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct

from domain.administration import Attribution, Command
from domain.confidential import Confidential
from domain.holds import Hold, HoldReason
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationLife, RequestId
from domain.organisations import OrganisationId
from domain.patient_history import ChangedValue
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


class StoredPatient(Confidential, frozen=True):
    """A patient of the repository: the id, and what is known."""

    id: PatientId
    known: KnownPatient


class PatientChanges(Struct, frozen=True):
    """What a decision changes; all of it is stored, or nothing.

    `changed` holds what was known when it was decided, and what is known from now on. The organisation
    has a care relationship with all patients of `reported` afterwards, and those of `restricted` are on hold
    for all organisations. The open invitations of a patient who loses an identifier are revoked.
    """

    new: Mapping[PatientId, KnownPatient]
    changed: Mapping[PatientId, tuple[KnownPatient, KnownPatient]]
    reported: Sequence[PatientId]
    restricted: Sequence[PatientId] = ()


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
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        """Let `decide` say what changes in the patients that the identifiers name, and store it.

        One transaction: what was decided on is still known when it is stored, even if others report at the
        same time. Otherwise `decide` is called again with what is known by then. A patient comes at least
        with the identifiers that were asked for, and with all of them once a change to it was decided.
        A registration keeps the moment when it was first reported. Each changed value of a patient who was
        known leaves a row of history under the command. Raises `Unavailable`.
        """
        ...


class PatientIds(Protocol):
    """Draws the ids of new patients."""

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        ...


class CareRepository(Protocol):
    """Changes who may be invited. All of a call is stored, or nothing. All methods raise `Unavailable`.

    What a call changes leaves a row of history for each patient. A call that is repeated changes nothing.
    """

    async def place_hold(
        self, patients: Sequence[PatientId], hold: Hold, attribution: Attribution
    ) -> Sequence[PatientId]:
        """Put the patients on hold, and revoke their open invitations at the organisations it is for.

        A hold for the same reason and organisation is replaced, but for the day from which it counts. Returns
        the patients for whom that changes something.
        """
        ...

    async def release_hold(
        self, patients: Sequence[PatientId], reason: HoldReason, attribution: Attribution
    ) -> Sequence[PatientId]:
        """End the hold for a reason, of the organisation of `attribution` or that for all. Others stay.

        Returns the patients who were on that hold.
        """
        ...

    async def end_care(
        self, patients: Sequence[PatientId], organisation_id: OrganisationId, attribution: Attribution
    ) -> Sequence[PatientId]:
        """End the organisation's care relationships, and revoke its open invitations of the patients.

        Returns the patients who had a care relationship.
        """
        ...


class RecordedChange(Confidential, frozen=True):
    """A changed value of a patient, and by whom and when."""

    attribution: Attribution
    value: ChangedValue


class ShownInvitation(Struct, frozen=True):
    """An invitation of a patient, without code and token."""

    organisation_id: OrganisationId
    request_id: RequestId
    life: InvitationLife


class PatientRecord(Confidential, frozen=True):
    """All that is kept of a patient. `first_reported` is None for patients from before it was kept."""

    patient: StoredPatient
    first_reported: tuple[datetime, OrganisationId] | None
    care: Sequence[OrganisationId]
    holds: Sequence[Hold]
    changes: Sequence[RecordedChange]
    invitations: Sequence[ShownInvitation]


class PatientRecordRepository(Protocol):
    """Keeps the whole record of each patient. All methods raise `Unavailable`."""

    async def show(self, identifier: PatientIdentifier) -> PatientRecord | None:
        """Return the record of the patient who has the identifier."""
        ...

    async def unlink(self, identifier: PatientIdentifier, attribution: Attribution) -> PatientId | None:
        """Take the identifier off its patient, and revoke the patient's open invitations.

        Returns the patient who had it.
        """
        ...

    async def forget(self, patients: Sequence[PatientId]) -> Sequence[PatientId]:
        """Erase all that is kept of the patients, and return those of whom anything was kept.

        Events of the audit keep their ids.
        """
        ...
