"""The chunks of an import, and its behaviour when another import is faster."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

import pytest
from returns.result import Result, Success

from application.administration.patients import CHUNK_ROWS, ImportedChunk, ReportedRow
from application.ports.patients import IdentifiersTaken, PatientChunk
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.patients import PatientId
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, a_patient_id, a_record, an_identifier
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.unit.application.patient_import import PatientImport, ambiguous, bad_row, row

FIRST, SECOND, THIRD = (an_identifier(number) for number in (1, 2, 3))
PATIENCE_SECONDS = 5
RIVAL_PATIENT, OTHER_RIVAL_PATIENT = (a_patient_id(901), a_patient_id(902))


class OvertakenRegister(InMemoryPatientReportRepository):
    """Just before it stores one of our first chunks, another import stores one of its own."""

    def __init__(self, *rivals: PatientChunk) -> None:
        super().__init__()
        self._rivals = iter(rivals)

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        for rival in self._rivals:
            await super().merge(rival)
            break
        return await super().merge(chunk)


class RecordingRegister(InMemoryPatientReportRepository):
    """Records the chunks, and is unavailable after a number of them."""

    def __init__(self, capacity: int = 10) -> None:
        super().__init__()
        self.chunks: list[PatientChunk] = []
        self._capacity = capacity

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        if len(self.chunks) == self._capacity:
            raise Unavailable
        self.chunks.append(chunk)
        return await super().merge(chunk)


class BusyRegister(RecordingRegister):
    """Has not stored a chunk before it is asked for the owners of the next."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = asyncio.Event()

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        self._asked.set()
        return await super().owners(identifiers)

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        self._asked.clear()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._asked.wait()
        return await super().merge(chunk)


def _rival(**patients: PatientIdentifier) -> PatientChunk:
    """Let another organisation report a patient under each identifier."""
    ids = {"first": RIVAL_PATIENT, "second": OTHER_RIVAL_PATIENT}
    return PatientChunk(
        OTHER_HOSPITAL,
        NOW,
        {ids[name]: a_record(identifier) for name, identifier in patients.items()},
        {identifier: ids[name] for name, identifier in patients.items()},
    )


def test_a_chunk_is_10_000_rows() -> None:
    assert CHUNK_ROWS == 10_000


@pytest.mark.parametrize(
    ("rows", "chunks"),
    [
        pytest.param(0, [], id="no-rows"),
        pytest.param(1, [1], id="one-row"),
        pytest.param(CHUNK_ROWS, [CHUNK_ROWS], id="a-whole-chunk"),
        pytest.param(CHUNK_ROWS + 1, [CHUNK_ROWS, 1], id="one-row-more"),
    ],
)
async def test_rows_are_imported_in_chunks_of(rows: int, chunks: list[int]) -> None:
    imports = PatientImport()

    await imports.run(repeat(bad_row(1), rows))

    assert [len(chunk.bad_rows) for chunk in imports.chunks] == chunks


async def test_a_chunk_is_stored_before_a_row_of_the_next_but_one_is_read() -> None:
    imports = PatientImport()
    told_when_read: list[int] = []

    def rows() -> Iterator[ReportedRow]:
        for bad in repeat(bad_row(1), 2 * CHUNK_ROWS + 1):
            told_when_read.append(len(imports.chunks))
            yield bad

    await imports.run(rows())

    assert told_when_read == [0] * 2 * CHUNK_ROWS + [1]


async def test_the_next_chunk_is_made_ready_while_one_is_stored() -> None:
    imports = PatientImport(BusyRegister())

    await imports.report(*repeat(bad_row(1), CHUNK_ROWS), row(CHUNK_ROWS, a_record(FIRST)))

    assert [chunk.imported for chunk in imports.chunks] == [0, 1]


async def test_a_patient_of_the_chunk_that_is_being_stored_is_known_to_the_next() -> None:
    register = BusyRegister()
    between = repeat(bad_row(3), CHUNK_ROWS - 1)

    await PatientImport(register).report(
        row(2, a_record(FIRST)), *between, row(CHUNK_ROWS + 2, a_record(FIRST, SECOND))
    )

    assert [chunk.owners for chunk in register.chunks] == [
        {FIRST: a_patient_id(1)},
        {FIRST: a_patient_id(1), SECOND: a_patient_id(1)},
    ]


async def test_rows_of_two_chunks_about_one_patient_make_one_patient() -> None:
    imports = PatientImport()
    between = repeat(bad_row(3), CHUNK_ROWS - 1)

    await imports.report(
        row(2, a_record(FIRST)), *between, row(CHUNK_ROWS + 2, a_record(FIRST, deceased=True))
    )

    assert imports.register.records == {a_patient_id(1): a_record(FIRST, deceased=True)}
    assert [chunk.imported for chunk in imports.chunks] == [1, 1]


async def test_a_chunk_holds_the_organisation_the_time_and_the_owners_of_its_identifiers() -> None:
    register = RecordingRegister()

    await PatientImport(register).report(row(2, a_record(FIRST, SECOND)))

    assert register.chunks == [
        PatientChunk(
            organisation_id=HOSPITAL,
            recorded_at=NOW,
            patients={a_patient_id(1): a_record(FIRST, SECOND)},
            owners={FIRST: a_patient_id(1), SECOND: a_patient_id(1)},
        )
    ]


async def test_chunks_before_an_outage_stay_stored_and_reported() -> None:
    imports = PatientImport(RecordingRegister(capacity=1))
    rows = [row(2, a_record(FIRST)), *repeat(bad_row(3), CHUNK_ROWS)]

    with pytest.raises(Unavailable):
        await imports.report(*rows)

    assert [chunk.imported for chunk in imports.chunks] == [1]
    assert imports.register.records == {a_patient_id(1): a_record(FIRST)}


async def test_a_row_that_another_import_stored_first_belongs_to_its_patient() -> None:
    imports = PatientImport(OvertakenRegister(_rival(first=FIRST)))

    imported = await imports.report(row(2, a_record(FIRST, SECOND, deceased=True)))

    assert imported == Success(None)
    assert imports.register.owned == {FIRST: RIVAL_PATIENT, SECOND: RIVAL_PATIENT}
    assert imports.register.records == {RIVAL_PATIENT: a_record(FIRST, SECOND, deceased=True)}


async def test_a_chunk_that_another_import_stored_first_is_reported_once() -> None:
    imports = PatientImport(OvertakenRegister(_rival(first=FIRST)))

    await imports.report(row(2, a_record(FIRST)), bad_row(3))

    assert imports.chunks == [ImportedChunk(1, [bad_row(3).failure()])]


async def test_other_imports_may_be_faster_twice_in_a_row() -> None:
    imports = PatientImport(OvertakenRegister(_rival(first=FIRST), _rival(second=SECOND)))

    await imports.report(row(2, a_record(FIRST)), row(3, a_record(SECOND)), row(4, a_record(THIRD)))

    assert imports.register.owned.keys() == {FIRST, SECOND, THIRD}
    assert imports.register.owned[FIRST] == RIVAL_PATIENT
    assert imports.register.owned[SECOND] == OTHER_RIVAL_PATIENT
    assert imports.chunks == [ImportedChunk(3, [])]


async def test_a_row_may_become_ambiguous_by_a_faster_import() -> None:
    imports = PatientImport(OvertakenRegister(_rival(first=FIRST, second=SECOND)))

    await imports.report(row(2, a_record(FIRST, SECOND)), row(3, a_record(THIRD)))

    assert imports.chunks == [ImportedChunk(1, [ambiguous(2)])]


async def test_a_row_that_stays_ambiguous_after_a_faster_import_is_reported_once() -> None:
    imports = PatientImport(OvertakenRegister(_rival(first=FIRST)))

    await imports.report(row(2, a_record(FIRST)), row(3, a_record(SECOND)), row(4, a_record(FIRST, SECOND)))

    assert imports.chunks == [ImportedChunk(2, [ambiguous(4)])]
