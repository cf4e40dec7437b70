"""The commands that change who may be invited, with fakes."""

from collections.abc import Sequence
from datetime import date

from returns.result import Result

from application.administration.holds import HoldPatients, HoldRefused, ReleasePatients
from application.administration.named_patients import ChangedChunk, ChangeNamedPatients, OnChunk
from application.administration.patient_records import EndCare, ForgetPatients, ShowPatient, UnlinkIdentifier
from domain.holds import HoldReason
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import PatientReport
from tests.builders import (
    HOSPITAL,
    NOW,
    TODAY,
    a_report,
    an_audit_event,
    an_invitation,
    an_organisation,
    reported,
)
from tests.fakes.care_repository import InMemoryCareRepository
from tests.fakes.clock import FixedClock
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_file import InMemoryPatientFile
from tests.fakes.patient_record_repository import InMemoryPatientRecordRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class PatientCare:
    """A hospital's patients, numbered from 1, each with an open invitation, and the chunks stored."""

    def __init__(self) -> None:
        self.register = InMemoryPatientReportRepository()
        self.invitations = InMemoryInvitationRepository()
        self.chunks: list[ChangedChunk] = []
        self._organisations = InMemoryOrganisations(an_organisation(HOSPITAL))
        self._clock = FixedClock(NOW, TODAY)
        self._named = ChangeNamedPatients(self._organisations, self.register, self._clock)
        self._named.chunk_rows = 2
        self._care = InMemoryCareRepository(self.register, self.invitations)
        self._records = InMemoryPatientRecordRepository(self.register, self.invitations)
        self.unlink = UnlinkIdentifier(self._records, self._clock)
        self.show = ShowPatient(self._records, self._clock)

    @classmethod
    async def of(cls, *identifiers: PatientIdentifier) -> "PatientCare":
        care = cls()
        await reported(care.register, *map(a_report, identifiers))
        numbers = range(1, len(identifiers) + 1)
        await care.invitations.add(
            [an_invitation(str(number), patient=number) for number in numbers], an_audit_event()
        )
        return care

    async def hold(
        self,
        *reports: PatientReport,
        organisation_id: OrganisationId | None = HOSPITAL,
        ends_on: date | None = None,
    ) -> Result[None, HoldRefused]:
        hold = HoldPatients(self._named, self._care, self._clock)
        return await hold(
            organisation_id, HoldReason.DECLINED, ends_on, InMemoryPatientFile.of(reports), self._begin()
        )

    async def release(
        self, *reports: PatientReport, organisation_id: OrganisationId | None = HOSPITAL
    ) -> Result[None, OrganisationUnknown]:
        release = ReleasePatients(self._named, self._care)
        return await release(
            organisation_id, HoldReason.DECLINED, InMemoryPatientFile.of(reports), self._begin()
        )

    async def end_care(
        self, *reports: PatientReport, organisation_id: OrganisationId = HOSPITAL
    ) -> Result[None, OrganisationUnknown]:
        end = EndCare(self._named, self._care)
        return await end(organisation_id, InMemoryPatientFile.of(reports), self._begin())

    async def forget(self, *reports: PatientReport) -> Result[None, OrganisationUnknown]:
        forget = ForgetPatients(self._named, self._records)
        return await forget(InMemoryPatientFile.of(reports), self._begin())

    @property
    def changed(self) -> Sequence[int]:
        """The numbers of the patients whom the last file changed."""
        return [each.int for chunk in self.chunks for each in chunk.changed]

    @property
    def unchanged(self) -> int:
        """How many patients of the last file needed no change."""
        return sum(chunk.unchanged for chunk in self.chunks)

    @property
    def refused(self) -> dict[int, str]:
        """The rules that lines of the last file broke."""
        return {row.line: row.rule for chunk in self.chunks for row in chunk.refused_rows}

    @property
    def revoked(self) -> Sequence[int]:
        """The numbers of the patients whose invitations are revoked."""
        return [
            each.patient_id.int
            for each in self.invitations.invitations
            if self.invitations.life_of(each).revoked_at is not None
        ]

    def _begin(self) -> OnChunk:
        self.chunks = []
        return self.chunks.append
