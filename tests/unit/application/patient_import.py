"""The import of patients, with fakes."""

from collections.abc import Iterable

from returns.result import Failure, Result, Success

from adapters.system import AsyncioConcurrency
from application.administration.patients import BadRow, ImportedChunk, ImportPatients, PatientRow, ReportedRow
from application.ports.patients import PatientReportRepository
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patients import PatientRecord
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, TODAY, an_organisation
from tests.fakes.clock import FixedClock
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_ids import SequentialPatientIds
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class PatientImport:
    """Two hospitals that report patients, their repository, and the reported chunks."""

    def __init__(self, register: InMemoryPatientReportRepository | None = None) -> None:
        self.register = register or InMemoryPatientReportRepository()
        self.chunks: list[ImportedChunk] = []
        self._patient_ids = SequentialPatientIds()

    async def report(
        self, *rows: ReportedRow, organisation_id: OrganisationId = HOSPITAL
    ) -> Result[None, OrganisationUnknown]:
        return await self.run(rows, organisation_id)

    async def run(
        self,
        rows: Iterable[ReportedRow],
        organisation_id: OrganisationId = HOSPITAL,
        register: PatientReportRepository | None = None,
    ) -> Result[None, OrganisationUnknown]:
        organisations = InMemoryOrganisations(an_organisation(HOSPITAL), an_organisation(OTHER_HOSPITAL))
        use_case = ImportPatients(
            organisations,
            register or self.register,
            self._patient_ids,
            FixedClock(NOW, TODAY),
            AsyncioConcurrency(),
        )
        return await use_case(organisation_id, rows, self.chunks.append)


def row(line: int, record: PatientRecord) -> ReportedRow:
    return Success(PatientRow(line, record))


def bad_row(line: int) -> ReportedRow:
    return Failure(BadRow(line, "unreadable"))


def ambiguous(line: int) -> BadRow:
    """Expect that a row is found to name more than one patient."""
    return BadRow(line, "its identifiers belong to different patients")
