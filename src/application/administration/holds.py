"""Use cases: put patients on hold, and release them."""

from datetime import date
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.administration.named_patients import ChangeNamedPatients, OnChunk
from application.ports.access import OrganisationRepository
from application.ports.patient_files import PatientFile
from application.ports.patients import CareRepository
from application.ports.system import Clock
from domain.administration import Attribution, Command
from domain.holds import Hold, HoldReason
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.results import failed


class HoldOver(Struct, frozen=True):
    """The last day of the hold is in the past."""


HoldRefused: TypeAlias = OrganisationUnknown | HoldOver


class HoldPatients:
    """Put the patients of a file on hold, on behalf of one organisation or of all.

    - A held patient is not invited, and cannot use an invitation.
    - Their open invitations at those organisations are revoked in the same transaction.
    - A hold that exists for the same reason takes the new last day.
    """

    def __init__(
        self,
        organisations: OrganisationRepository,
        named: ChangeNamedPatients,
        care: CareRepository,
        clock: Clock,
    ) -> None:
        """Place the holds in `care`."""
        self._organisations = organisations
        self._named = named
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
        known = await existing(self._organisations, organisation_id)
        if failed(known):
            return Failure(known.failure())
        today = self._clock.today()
        if ends_on is not None and ends_on < today:
            return Failure(HoldOver())
        hold = Hold(organisation_id, reason, today, ends_on)
        await self._named(
            file,
            lambda patients: self._care.place_hold(
                patients, hold, Attribution(Command.HOLD_PATIENTS, organisation_id, self._clock.instant())
            ),
            on_chunk,
        )
        return Success(None)


class ReleasePatients:
    """Release the patients of a file from the hold for one reason; holds for other reasons stay.

    Revoked invitations stay revoked: the patients can be invited again.
    """

    def __init__(
        self,
        organisations: OrganisationRepository,
        named: ChangeNamedPatients,
        care: CareRepository,
        clock: Clock,
    ) -> None:
        """End the holds in `care`."""
        self._organisations = organisations
        self._named = named
        self._care = care
        self._clock = clock

    async def __call__(
        self,
        organisation_id: OrganisationId | None,
        reason: HoldReason,
        file: PatientFile,
        on_chunk: OnChunk,
    ) -> Result[None, OrganisationUnknown]:
        """Release them from the hold of an organisation, or of that for all if None. Raises `Unavailable`."""
        known = await existing(self._organisations, organisation_id)
        if failed(known):
            return Failure(known.failure())
        await self._named(
            file,
            lambda patients: self._care.release_hold(
                patients,
                reason,
                Attribution(Command.RELEASE_PATIENTS, organisation_id, self._clock.instant()),
            ),
            on_chunk,
        )
        return Success(None)


async def existing(
    organisations: OrganisationRepository, organisation_id: OrganisationId | None
) -> Result[None, OrganisationUnknown]:
    """Return whether the organisation exists; None stands for all of them."""
    if organisation_id is None or await organisations.contains(organisation_id):
        return Success(None)
    return Failure(OrganisationUnknown())
