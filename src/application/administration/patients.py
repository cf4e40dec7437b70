"""Use case: import the patients that an organisation reports."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access import OrganisationRepository
from application.ports.patients import PatientChunk, PatientIds, PatientReportRepository
from application.ports.system import Clock, Concurrency
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patients import PatientId, PatientRecord
from domain.results import failed

CHUNK_ROWS = 10_000

_ROWS_AT_ONCE = 10
"""How many rows are read before the database's answers are handled."""


class PatientRow(Struct, frozen=True):
    """A patient, and the line that reports them."""

    line: int
    record: PatientRecord


class BadRow(Struct, frozen=True):
    """A line that reports no patient, and why; `problem` quotes nothing of the line."""

    line: int
    problem: str


ReportedRow: TypeAlias = Result[PatientRow, BadRow]


class ImportedChunk(Struct, frozen=True):
    """A stored chunk: how many rows were imported, and the rows that were not."""

    imported: int
    bad_rows: Sequence[BadRow]


class _AttributedChunk(Struct, frozen=True):
    """Rows, and the patients they belong to as far as is known before they are stored."""

    rows: Sequence[ReportedRow]
    patients: Mapping[PatientId, PatientRecord]
    owners: Mapping[PatientIdentifier, PatientId]
    bad_rows: Sequence[BadRow]


class ImportPatients:
    """Import an organisation's patients from a stream of rows, chunk by chunk.

    - A row belongs to the patient that one of its identifiers names already, else to a new patient.
    - A row whose identifiers name two patients is bad: people are never merged here.
    - A row replaces what was known, so a second import of the same rows changes nothing.
    - Bad rows are reported, all others are imported.
    """

    def __init__(
        self,
        organisations: OrganisationRepository,
        patients: PatientReportRepository,
        patient_ids: PatientIds,
        clock: Clock,
        concurrency: Concurrency,
    ) -> None:
        """Read one chunk while the one before it is stored, by `concurrency`."""
        self._organisations = organisations
        self._patients = patients
        self._patient_ids = patient_ids
        self._clock = clock
        self._concurrency = concurrency

    async def __call__(
        self,
        organisation_id: OrganisationId,
        rows: Iterable[ReportedRow],
        on_chunk: Callable[[ImportedChunk], None],
    ) -> Result[None, OrganisationUnknown]:
        """Import the rows for an organisation that exists.

        `on_chunk` gets each chunk once it is stored; at most one more chunk is read by then. Raises
        `Unavailable`; the chunks that `on_chunk` got stay stored.
        """
        if not await self._organisations.contains(organisation_id):
            return Failure(OrganisationUnknown())
        remaining = iter(rows)
        chunk = await self._next(remaining, {})
        while chunk.rows:
            # the next chunk is prepared while the database stores this one
            imported, chunk = await self._concurrency.both(
                self._store(organisation_id, chunk), self._next(remaining, chunk.owners)
            )
            on_chunk(imported)
        return Success(None)

    async def _next(
        self, rows: Iterator[ReportedRow], in_progress: Mapping[PatientIdentifier, PatientId]
    ) -> _AttributedChunk:
        chunk: list[ReportedRow] = []
        while len(chunk) < CHUNK_ROWS and (some := list(islice(rows, _ROWS_AT_ONCE))):
            chunk += some
            await self._concurrency.give_way()
        return await self._attributed(chunk, in_progress)

    async def _store(self, organisation_id: OrganisationId, chunk: _AttributedChunk) -> ImportedChunk:
        while True:
            reported = PatientChunk(organisation_id, self._clock.instant(), chunk.patients, chunk.owners)
            if not failed(await self._patients.merge(reported)):
                bad_rows = sorted(chunk.bad_rows, key=lambda row: row.line)
                return ImportedChunk(len(chunk.rows) - len(bad_rows), bad_rows)
            chunk = await self._attributed(chunk.rows, {})

    async def _attributed(
        self, rows: Sequence[ReportedRow], in_progress: Mapping[PatientIdentifier, PatientId]
    ) -> _AttributedChunk:
        good = [row.unwrap() for row in rows if not failed(row)]
        bad = [row.failure() for row in rows if failed(row)]
        named = list(dict.fromkeys(identifier for row in good for identifier in row.record.identifiers))
        stored = await self._patients.owners(named)
        known = {**stored, **{each: in_progress[each] for each in in_progress.keys() & named}}
        patients, owners, ambiguous = self._attribute(good, known)
        return _AttributedChunk(rows, patients, owners, bad + ambiguous)

    def _attribute(
        self, rows: Iterable[PatientRow], known: Mapping[PatientIdentifier, PatientId]
    ) -> tuple[Mapping[PatientId, PatientRecord], Mapping[PatientIdentifier, PatientId], list[BadRow]]:
        owners = dict(known)
        patients: dict[PatientId, PatientRecord] = {}
        ambiguous = []
        for row in rows:
            named = {owners[identifier] for identifier in row.record.identifiers if identifier in owners}
            if len(named) > 1:
                ambiguous.append(BadRow(row.line, "its identifiers belong to different patients"))
                continue
            patient_id = named.pop() if named else self._patient_ids.draw()
            earlier = patients.get(patient_id)
            patients[patient_id] = row.record.superseding(earlier) if earlier else row.record
            for identifier in row.record.identifiers:
                owners[identifier] = patient_id
        return patients, owners, ambiguous
