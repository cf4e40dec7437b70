"""Use cases: import the patients that an organisation reports, and correct what is known of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.administration.reported_rows import RefusedRow, Reported, ReportedRows, Row
from application.ports.access import OrganisationRepository
from application.ports.patient_files import BadRow, PatientFile
from application.ports.patients import PatientChanges, PatientIds, PatientReportRepository, StoredPatient
from application.ports.system import Clock, Concurrency
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import (
    Contradiction,
    KnownPatient,
    PatientReport,
    correct_the_one,
    learn_of,
)
from domain.patients import PatientId
from domain.results import failed

CHUNK_ROWS = 10_000

_ROWS_AT_ONCE = 25
"""How many rows are read before the repository's answers get their turn."""


class ImportedChunk(Struct, frozen=True):
    """A stored chunk: how many rows said something new, how many did not, and the rows not imported.

    `restricted` counts the rows with restricted records, whose patients are on hold now.
    """

    imported: int
    unchanged: int
    bad_rows: Sequence[BadRow]
    refused_rows: Sequence[RefusedRow]
    restricted: int = 0


class _Chunk(Struct, frozen=True):
    reported: Sequence[Reported]
    bad_rows: Sequence[BadRow]
    refused_rows: Sequence[RefusedRow]


Rule: TypeAlias = Callable[
    [Sequence[KnownPatient], PatientReport, Sequence[PatientReport]], Result[KnownPatient, Contradiction]
]
"""What is known after a report, as `learn_of` and `correct_the_one` decide it."""


class StorePatientReports:
    """Store what an organisation's file reports of patients, chunk by chunk.

    - Rows that contradict each other are refused, all of that patient, whatever their order, and whether
      they name the patient by one identifier or by several that are known already.
    - A row that breaks a rule is refused, and changes nothing.
    - Rows that are bad or refused are reported; all others are stored.
    - A patient whose record is restricted is put on hold for all organisations.
    """

    chunk_rows: int = CHUNK_ROWS
    """How many rows are stored at once."""

    _command: Command
    _rule: Rule
    _begins_care: bool
    _replaces_numbers: bool

    def __init__(
        self,
        organisations: OrganisationRepository,
        patients: PatientReportRepository,
        patient_ids: PatientIds,
        clock: Clock,
        concurrency: Concurrency,
    ) -> None:
        """Read one chunk of rows while the one before it is stored, by `concurrency`."""
        self._organisations = organisations
        self._patients = patients
        self._patient_ids = patient_ids
        self._clock = clock
        self._concurrency = concurrency

    async def __call__(
        self,
        organisation_id: OrganisationId,
        file: PatientFile,
        on_chunk: Callable[[ImportedChunk], None],
    ) -> Result[None, OrganisationUnknown]:
        """Import the file for an organisation that exists.

        `on_chunk` gets each chunk once it is stored; at most one more chunk is read by then. Raises
        `Unavailable`; the chunks that `on_chunk` got stay stored.
        """
        if not await self._organisations.contains(organisation_id):
            return Failure(OrganisationUnknown())
        reported = ReportedRows(
            file, self._patients, self._clock.today(), self.chunk_rows, replace_numbers=self._replaces_numbers
        )
        rows = await reported.read()
        chunk = await self._next(rows)
        while chunk is not None:
            # the next chunk is read while the database stores this one
            imported, chunk = await self._concurrency.both(
                self._store(organisation_id, chunk), self._next(rows)
            )
            on_chunk(imported)
        return Success(None)

    async def _next(self, rows: Iterator[Row]) -> _Chunk | None:
        """Read a chunk; None when there are no more rows."""
        chunk: list[Row] = []
        while some := list(islice(rows, min(_ROWS_AT_ONCE, self.chunk_rows - len(chunk)))):
            chunk += some
            await self._concurrency.give_way()
        if not chunk:
            return None
        return _Chunk(
            [row for row in chunk if isinstance(row, Reported)],
            [row for row in chunk if isinstance(row, BadRow)],
            [row for row in chunk if isinstance(row, RefusedRow)],
        )

    async def _store(self, organisation_id: OrganisationId, chunk: _Chunk) -> ImportedChunk:
        named = [each for reported in chunk.reported for each in reported.report.identifiers]
        imported, unchanged, refused, restricted = await self._patients.change(
            organisation_id,
            self._clock.instant(),
            named,
            lambda known: self._decide(chunk.reported, known),
            self._command,
        )
        refused_rows = sorted([*chunk.refused_rows, *refused], key=lambda row: row.line)
        return ImportedChunk(imported, unchanged, chunk.bad_rows, refused_rows, restricted)

    def _decide(
        self, reported: Sequence[Reported], stored: Mapping[PatientIdentifier, StoredPatient]
    ) -> tuple[PatientChanges, tuple[int, int, Sequence[RefusedRow], int]]:
        before = {each.id: each.known for each in stored.values()}
        known = dict(before)
        new: dict[PatientId, KnownPatient] = {}
        accepted: list[PatientId] = []
        restricted: list[PatientId] = []
        imported = unchanged = 0
        refused: list[RefusedRow] = []
        for each in reported:
            named = {stored[identifier].id for identifier in each.report.identifiers if identifier in stored}
            patient_id = next(iter(named)) if named else None
            learned = self._rule([known[patient] for patient in named], each.report, each.rows)
            if failed(learned):
                refused += [RefusedRow(line, learned.failure()) for line in each.lines]
                continue
            if patient_id is None:
                patient_id = self._patient_ids.draw()
                new[patient_id] = learned.unwrap()
                imported += len(each.lines)
            elif learned.unwrap() == known[patient_id]:
                unchanged += len(each.lines)
            else:
                known[patient_id] = learned.unwrap()
                imported += len(each.lines)
            accepted.append(patient_id)
            if each.report.restricted:
                restricted.append(patient_id)
        changed = {each: (before[each], after) for each, after in known.items() if after != before[each]}
        changes = PatientChanges(new, changed, accepted if self._begins_care else (), restricted)
        return changes, (imported, unchanged, refused, len(restricted))


class ImportPatients(StorePatientReports):
    """Import an organisation's patients.

    - A row belongs to the patient that one of its identifiers names already, else to a new patient.
    - A row adds to what is known and never takes anything back; a row that contradicts what is known is
      refused.
    - The organisation has a care relationship with each patient that it reports.
    """

    _command = Command.IMPORT_PATIENTS
    _rule = staticmethod(learn_of)
    _begins_care = True
    _replaces_numbers = False


class CorrectPatients(StorePatientReports):
    """Correct what is known of patients.

    - A row belongs to the patient that its identifiers name; a row that names no known patient is refused.
    - What a row says replaces what is known. What it does not say stays.
    - Care relationships stay as they are.
    """

    _command = Command.CORRECT_PATIENTS
    _rule = staticmethod(correct_the_one)
    _begins_care = False
    _replaces_numbers = True
