"""A step of the use cases of operators: change the patients that the rows of a file name."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.administration.patients import CHUNK_ROWS
from application.administration.reported_rows import RefusedRow
from application.ports.access import OrganisationRepository
from application.ports.patient_files import BadRow, PatientFile, ReportedRow
from application.ports.patients import PatientReportRepository
from application.ports.system import Clock
from domain.administration import Attribution, Command
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import the_one
from domain.patients import PatientId
from domain.results import failed


class ChangedChunk(Struct, frozen=True):
    """A chunk of rows that is stored: the patients who were changed, and the rows that changed no patient.

    `unchanged` counts the patients who needed no change.
    """

    changed: Sequence[PatientId]
    unchanged: int
    bad_rows: Sequence[BadRow]
    refused_rows: Sequence[RefusedRow]


Change: TypeAlias = Callable[[Sequence[PatientId], Attribution], Awaitable[Sequence[PatientId]]]
"""Changes patients in one transaction, and returns those for whom that changes something."""

OnChunk: TypeAlias = Callable[[ChangedChunk], None]
"""Gets each chunk once it is stored."""


class ChangeNamedPatients:
    """Change the patients that the rows of a file name, chunk by chunk.

    - Only the identifiers of a row count.
    - A row that names several patients, or none that is known, is refused.
    - Rows that are bad or refused are reported; the patients of all others are changed.
    """

    chunk_rows: int = CHUNK_ROWS
    """How many rows are stored at once."""

    def __init__(
        self, organisations: OrganisationRepository, patients: PatientReportRepository, clock: Clock
    ) -> None:
        """Find the patients in `patients`."""
        self._organisations = organisations
        self._patients = patients
        self._clock = clock

    async def __call__(
        self,
        by: Command,
        organisation_id: OrganisationId | None,
        file: PatientFile,
        change: Change,
        on_chunk: OnChunk,
    ) -> Result[None, OrganisationUnknown]:
        """Change them by a command, on behalf of an organisation that exists, or of all if it is None.

        Raises `Unavailable`; the chunks that `on_chunk` got stay stored.
        """
        if organisation_id is not None and not await self._organisations.contains(organisation_id):
            return Failure(OrganisationUnknown())
        rows = file.rows()
        while chunk := list(islice(rows, self.chunk_rows)):
            attribution = Attribution(by, organisation_id, self._clock.instant())
            on_chunk(await self._store(chunk, change, attribution))
        return Success(None)

    async def _store(
        self, chunk: Sequence[ReportedRow], change: Change, attribution: Attribution
    ) -> ChangedChunk:
        rows = [row.unwrap() for row in chunk if not failed(row)]
        bad = [row.failure() for row in chunk if failed(row)]
        stored = await self._patients.find([each for row in rows for each in row.report.identifiers])
        named: dict[PatientId, None] = {}
        refused: list[RefusedRow] = []
        for row in rows:
            patient = the_one({stored[each].id for each in row.report.identifiers if each in stored})
            if failed(patient):
                refused.append(RefusedRow(row.line, patient.failure()))
            else:
                named[patient.unwrap()] = None
        changed = await change([*named], attribution) if named else ()
        return ChangedChunk(changed, len(named) - len(changed), bad, refused)
