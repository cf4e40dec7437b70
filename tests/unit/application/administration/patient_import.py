"""The import of patients, with fakes."""

from collections.abc import Callable, Iterable

from returns.result import Result

from adapters.system import AsyncioConcurrency
from application.administration.patients import CHUNK_ROWS, ImportedChunk, ImportPatients, StorePatientReports
from application.administration.reported_rows import RefusedRow
from application.ports.patient_files import PatientFile, ReportedRow
from application.ports.patients import PatientReportRepository
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import BadReport, Contradiction, PatientReport
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, TODAY, an_organisation
from tests.fakes.clock import FixedClock
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_file import InMemoryPatientFile, row
from tests.fakes.patient_ids import SequentialPatientIds
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class PatientImport:
    """Two hospitals that report patients, the repository they report to, and the chunks stored."""

    def __init__(
        self,
        repository: InMemoryPatientReportRepository | None = None,
        chunk_rows: int = CHUNK_ROWS,
        use_case: type[StorePatientReports] = ImportPatients,
    ) -> None:
        self.repository = repository or InMemoryPatientReportRepository()
        self.chunks: list[ImportedChunk] = []
        self._patient_ids = SequentialPatientIds()
        self.chunk_rows = chunk_rows
        self._use_case = use_case

    async def report(
        self, *reports: PatientReport, organisation_id: OrganisationId = HOSPITAL
    ) -> Result[None, OrganisationUnknown]:
        """Import a file with a report a line, the first one in line 2."""
        return await self.rows(
            *(row(line, report) for line, report in enumerate(reports, start=2)),
            organisation_id=organisation_id,
        )

    async def rows(
        self, *rows: ReportedRow, organisation_id: OrganisationId = HOSPITAL
    ) -> Result[None, OrganisationUnknown]:
        return await self.run(lambda: rows, organisation_id)

    async def file(self, file: PatientFile) -> Result[None, OrganisationUnknown]:
        return await self._import(file, HOSPITAL, self.repository)

    async def run(
        self,
        read: Callable[[], Iterable[ReportedRow]],
        organisation_id: OrganisationId = HOSPITAL,
        repository: PatientReportRepository | None = None,
    ) -> Result[None, OrganisationUnknown]:
        return await self._import(InMemoryPatientFile(read), organisation_id, repository or self.repository)

    async def _import(
        self, file: PatientFile, organisation_id: OrganisationId, repository: PatientReportRepository
    ) -> Result[None, OrganisationUnknown]:
        organisations = InMemoryOrganisations(an_organisation(HOSPITAL), an_organisation(OTHER_HOSPITAL))
        use_case = self._use_case(
            organisations,
            repository,
            self._patient_ids,
            FixedClock(NOW, TODAY),
            AsyncioConcurrency(),
        )
        use_case.chunk_rows = self.chunk_rows
        self.chunks = []
        return await use_case(organisation_id, file, self.chunks.append)

    @property
    def imported(self) -> int:
        """How many rows of the last file said something new."""
        return sum(chunk.imported for chunk in self.chunks)

    @property
    def unchanged(self) -> int:
        """How many rows of the last file said nothing new."""
        return sum(chunk.unchanged for chunk in self.chunks)

    @property
    def refused(self) -> dict[int, BadReport | Contradiction]:
        """The rules that lines of the last file broke."""
        refused: list[RefusedRow] = [each for chunk in self.chunks for each in chunk.refused_rows]
        assert len(refused) == len({each.line for each in refused})
        return {each.line: each.rule for each in refused}
