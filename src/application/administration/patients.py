"""Use cases: import the patients that an organisation reports, and correct what is known of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import islice
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.administration.seen_names import SeenNames
from application.ports.access import OrganisationRepository
from application.ports.patients import PatientChanges, PatientIds, PatientReportRepository, StoredPatient
from application.ports.system import Clock, Concurrency
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import (
    BadReport,
    Contradiction,
    KnownPatient,
    PatientReport,
    checked,
    correct_the_one,
    learn_of,
    linked,
    together,
)
from domain.patients import PatientId
from domain.results import failed

CHUNK_ROWS = 10_000

_ROWS_AT_ONCE = 25
"""How many rows are read before the repository's answers get their turn."""


class PatientRow(Struct, frozen=True):
    """A report, and the line that it stands in."""

    line: int
    report: PatientReport


class BadRow(Struct, frozen=True):
    """A line that cannot be read, and why; `problem` repeats nothing of the line."""

    line: int
    problem: str


class RefusedRow(Struct, frozen=True):
    """A line that is not imported because of a rule."""

    line: int
    rule: BadReport | Contradiction


ReportedRow: TypeAlias = Result[PatientRow, BadRow]

Name: TypeAlias = tuple[str, str]
"""The system and the value of an identifier, not judged yet."""


class PatientFile(Protocol):
    """Reports of patients that can be read from the beginning as often as needed."""

    def rows(self) -> Iterator[ReportedRow]:
        """Read the rows, one by one."""
        ...

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the names that count in each row that has any, cheaply; bad rows may be left out."""
        ...

    def rows_naming(self, names: AbstractSet[Name]) -> Iterator[ReportedRow]:
        """Read the rows that have one of these names, and pass over the others cheaply."""
        ...


class ImportedChunk(Struct, frozen=True):
    """A stored chunk: how many rows said something new, how many did not, and the rows not imported.

    `restricted` counts the rows with restricted records, whose patients are on hold now.
    """

    imported: int
    unchanged: int
    bad_rows: Sequence[BadRow]
    refused_rows: Sequence[RefusedRow]
    restricted: int = 0


class _Reported(Struct, frozen=True):
    """One patient as a file reports them, in one row or, where several name the patient, in all of those."""

    lines: Sequence[int]
    report: PatientReport
    rows: Sequence[PatientReport]


class _Chunk(Struct, frozen=True):
    reported: Sequence[_Reported]
    bad_rows: Sequence[BadRow]
    refused_rows: Sequence[RefusedRow]


_Row: TypeAlias = _Reported | BadRow | RefusedRow


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
        today = self._clock.today()
        rows = _units(file, await self._rows_of_one_patient(file, today), today)
        chunk = await self._next(rows)
        while chunk is not None:
            # the next chunk is read while the database stores this one
            imported, chunk = await self._concurrency.both(
                self._store(organisation_id, chunk), self._next(rows)
            )
            on_chunk(imported)
        return Success(None)

    async def _next(self, rows: Iterator[_Row]) -> _Chunk | None:
        """Read a chunk; None when there are no more rows."""
        chunk: list[_Row] = []
        while some := list(islice(rows, min(_ROWS_AT_ONCE, self.chunk_rows - len(chunk)))):
            chunk += some
            await self._concurrency.give_way()
        if not chunk:
            return None
        return _Chunk(
            [row for row in chunk if isinstance(row, _Reported)],
            [row for row in chunk if isinstance(row, BadRow)],
            [row for row in chunk if isinstance(row, RefusedRow)],
        )

    async def _rows_of_one_patient(self, file: PatientFile, today: date) -> Sequence[Sequence[PatientRow]]:
        """Find the rows that name one patient, in groups of two rows or more."""
        seen = SeenNames()
        repeated: set[Name] = set()
        systems = Counter[tuple[str, ...]]()
        for names in file.names():
            systems[tuple([system for system, _value in names])] += 1
            for name in names:
                if seen.add(name):
                    repeated.add(name)
        known = await self._known_by_several(file, seen, systems)
        repeated.update((each.system, each.value) for identifiers in known for each in identifiers)
        rows = _rows_naming(file, repeated, today) if repeated else []
        groups = linked([*(row.report.identifiers for row in rows), *known])
        of_rows = ([rows[position] for position in group if position < len(rows)] for group in groups)
        return [group for group in of_rows if len(group) > 1]

    async def _known_by_several(
        self, file: PatientFile, seen: SeenNames, systems: Counter[tuple[str, ...]]
    ) -> Sequence[AbstractSet[PatientIdentifier]]:
        """Find the known patients that rows may name by different identifiers.

        Two rows with numbers of the same systems cannot do so, unless a new number replaces the old one: one
        of them would bring a second number of a system. So the rows of the commonest systems need not be
        looked up, which are all in most files.
        """
        commonest = max(systems, key=lambda each: (systems[each], each), default=())
        passed_over = set() if self._replaces_numbers else {commonest}
        others = (
            names for names in file.names() if tuple([system for system, _value in names]) not in passed_over
        )
        known: list[AbstractSet[PatientIdentifier]] = []
        while systems.keys() > passed_over and (some := list(islice(others, self.chunk_rows))):
            read = (PatientIdentifier.parse(*name) for names in some for name in names)
            stored = await self._patients.find([each.unwrap() for each in read if not failed(each)])
            owners = {
                (each.system, each.value): patient.known.identifiers for each, patient in stored.items()
            }
            for names in some:
                for identifiers in {owners[name] for name in names if name in owners}:
                    elsewhere = {(each.system, each.value) for each in identifiers}.difference(names)
                    if any(name in seen for name in elsewhere):
                        known.append(identifiers)
        return known

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
        self, reported: Sequence[_Reported], stored: Mapping[PatientIdentifier, StoredPatient]
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

    - A row belongs to the patient that its identifiers name; a row that names nobody is refused.
    - What a row says replaces what is known. What it does not say stays.
    - Care relationships stay as they are.
    """

    _command = Command.CORRECT_PATIENTS
    _rule = staticmethod(correct_the_one)
    _begins_care = False
    _replaces_numbers = True


def _units(file: PatientFile, groups: Sequence[Sequence[PatientRow]], today: date) -> Iterator[_Row]:
    """Give the rows of a file; those that name one patient come first, and as one."""
    for group in groups:
        yield from _as_one(group)
    grouped = {row.line for group in groups for row in group}
    for read in file.rows():
        if failed(read):
            yield read.failure()
        elif (row := read.unwrap()).line not in grouped:
            good = checked(row.report, today)
            if failed(good):
                yield RefusedRow(row.line, good.failure())
            else:
                yield _Reported((row.line,), row.report, ())


def _as_one(rows: Sequence[PatientRow]) -> Iterator[_Row]:
    reports = [row.report for row in rows]
    combined = together(reports)
    if failed(combined):
        yield from (RefusedRow(row.line, combined.failure()) for row in rows)
    else:
        yield _Reported([row.line for row in rows], combined.unwrap(), reports)


def _rows_naming(file: PatientFile, names: AbstractSet[Name], today: date) -> Sequence[PatientRow]:
    """Read the good rows that have an identifier of these names."""
    good = (read.unwrap() for read in file.rows_naming(names) if not failed(read))
    return [row for row in good if not failed(checked(row.report, today))]
