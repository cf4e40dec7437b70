"""Use cases: put patients on hold, and release them."""

from datetime import date
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result

from application.administration.named_patients import ChangeNamedPatients, OnChunk
from application.ports.patient_files import PatientFile
from application.ports.patients import CareRepository
from application.ports.system import Clock
from domain.administration import Command
from domain.holds import Hold, HoldReason
from domain.organisations import OrganisationId, OrganisationUnknown


class HoldOver(Struct, frozen=True):
    """The last day of the hold is in the past."""


HoldRefused: TypeAlias = OrganisationUnknown | HoldOver


class HoldPatients:
    """Put the patients of a file on hold, on behalf of one organisation or of all.

    - A held patient is not invited, and cannot use an invitation.
    - Their open invitations at those organisations are revoked in the same transaction.
    - A hold that exists for the same reason takes the new last day.
    """

    def __init__(self, change: ChangeNamedPatients, care: CareRepository, clock: Clock) -> None:
        """Place the holds in `care`."""
        self._change = change
        self._care = care
        self._clock = clock

    async def __call__(
        self,
        organisation_id: OrganisationId | None,
        reason: HoldReason,
        ends_on: date | None,
        file: PatientFile,
        on_chunk: OnChunk,
    ) -> Result[None, HoldRefused]:
        """Hold them for an organisation, or for all if it is None. Raises `Unavailable`."""
        today = self._clock.today()
        if ends_on is not None and ends_on < today:
            return Failure(HoldOver())
        hold = Hold(organisation_id, reason, today, ends_on)
        placed = await self._change(
            Command.HOLD_PATIENTS,
            organisation_id,
            file,
            lambda patients, attribution: self._care.place_hold(patients, hold, attribution),
            on_chunk,
        )
        return placed.alt(lambda unknown: unknown)


class ReleasePatients:
    """Release the patients of a file from the hold for one reason; holds for other reasons stay.

    Revoked invitations stay revoked: the patients can be invited again.
    """

    def __init__(self, change: ChangeNamedPatients, care: CareRepository) -> None:
        """End the holds in `care`."""
        self._change = change
        self._care = care

    async def __call__(
        self,
        organisation_id: OrganisationId | None,
        reason: HoldReason,
        file: PatientFile,
        on_chunk: OnChunk,
    ) -> Result[None, OrganisationUnknown]:
        """Release them from the hold of an organisation, or of that for all if None. Raises `Unavailable`."""
        return await self._change(
            Command.RELEASE_PATIENTS,
            organisation_id,
            file,
            lambda patients, attribution: self._care.release_hold(patients, reason, attribution),
            on_chunk,
        )
