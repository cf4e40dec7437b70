"""The chunks of an import, and its behaviour when another import is faster."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import TypeVar

import pytest
from returns.result import Success

from application.administration.patients import CHUNK_ROWS, ImportedChunk
from application.administration.reported_rows import RefusedRow
from application.ports.patient_files import ReportedRow
from application.ports.patients import Decide
from application.ports.system import Unavailable
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import Contradiction, PatientReport
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_known_patient,
    a_patient_id,
    a_report,
    an_identifier,
    reported,
)
from tests.fakes.patient_file import bad_row, row
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.unit.application.administration.patient_import import PatientImport

T = TypeVar("T")

NHS_1, NHS_2, NHS_3 = (an_identifier(number, NHS) for number in (1, 2, 3))
CHI_1 = an_identifier(1, CHI)
PATIENCE_SECONDS = 5
RIVALS = 1000
"""The ids of their patients are just below."""


class OvertakenRepository(InMemoryPatientReportRepository):
    """When one of our first changes is decided, another organisation's report is stored before it is."""

    def __init__(self, *rivals: PatientReport) -> None:
        super().__init__()
        self._rivals = list(rivals)

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        if self._rivals and organisation_id == HOSPITAL:
            decide(await self.find(identifiers))
            number = RIVALS - len(self._rivals)
            await reported(self, self._rivals.pop(0), organisation_id=OTHER_HOSPITAL, first=number)
        return await super().change(organisation_id, recorded_at, identifiers, decide, command)


class RecordingRepository(InMemoryPatientReportRepository):
    """Keeps who reported which identifiers when, and goes down when it has as many chunks as it takes."""

    def __init__(self, capacity: int = 10) -> None:
        super().__init__()
        self.chunks: list[tuple[OrganisationId, datetime, list[PatientIdentifier]]] = []
        self._capacity = capacity

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        if len(self.chunks) == self._capacity:
            raise Unavailable
        self.chunks.append((organisation_id, recorded_at, [*identifiers]))
        return await super().change(organisation_id, recorded_at, identifiers, decide, command)


class BusyRepository(InMemoryPatientReportRepository):
    """Has not stored the first chunk before the last row of the file is read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = asyncio.Event()

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.is_read.wait()
        return await super().change(organisation_id, recorded_at, identifiers, decide, command)


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

    await imports.run(lambda: repeat(bad_row(1), rows))

    assert [len(chunk.bad_rows) for chunk in imports.chunks] == chunks


async def test_a_chunk_may_be_smaller() -> None:
    imports = PatientImport(chunk_rows=3)

    await imports.run(lambda: repeat(bad_row(1), 7))

    assert [len(chunk.bad_rows) for chunk in imports.chunks] == [3, 3, 1]


async def test_a_chunk_is_stored_before_a_row_of_the_next_but_one_is_read() -> None:
    imports = PatientImport(chunk_rows=3)
    stored_when_read: list[int] = []

    def rows() -> Iterator[ReportedRow]:
        for bad in repeat(bad_row(1), 7):
            stored_when_read.append(len(imports.chunks))
            yield bad

    await imports.run(rows)

    assert stored_when_read[-7:] == [0] * 6 + [1]


async def test_the_next_chunk_is_read_while_one_is_stored() -> None:
    repository = BusyRepository()
    imports = PatientImport(repository, chunk_rows=1)

    def rows() -> Iterator[ReportedRow]:
        yield row(2, a_report(NHS_1))
        yield row(3, a_report(NHS_2))
        repository.is_read.set()

    await imports.run(rows)

    assert [chunk.imported for chunk in imports.chunks] == [1, 1]


async def test_a_chunk_says_who_reports_which_identifiers_when() -> None:
    repository = RecordingRepository()

    await PatientImport(repository, chunk_rows=1).report(a_report(NHS_1, CHI_1), a_report(NHS_2))

    assert repository.chunks == [(HOSPITAL, NOW, [NHS_1, CHI_1]), (HOSPITAL, NOW, [NHS_2])]


async def test_the_chunks_before_the_repository_went_down_stay_stored_and_reported() -> None:
    imports = PatientImport(RecordingRepository(capacity=1), chunk_rows=1)

    with pytest.raises(Unavailable):
        await imports.report(a_report(NHS_1), a_report(NHS_2))

    assert [chunk.imported for chunk in imports.chunks] == [1]
    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1)}


async def test_a_row_that_another_import_was_faster_with_belongs_to_the_patient_it_made() -> None:
    imports = PatientImport(OvertakenRepository(a_report(NHS_1)))

    imported = await imports.report(a_report(NHS_1, CHI_1, deceased=True))

    assert imported == Success(None)
    assert imports.repository.known == {
        a_patient_id(RIVALS - 1): a_known_patient(NHS_1, CHI_1, deceased=True)
    }
    assert imports.chunks == [ImportedChunk(1, 0, [], [])]


async def test_a_row_that_contradicts_a_faster_import_is_refused_and_reported_once() -> None:
    imports = PatientImport(OvertakenRepository(a_report(NHS_1, deceased=True)))

    await imports.report(a_report(NHS_1, deceased=False), a_report(NHS_2))

    assert imports.chunks == [ImportedChunk(1, 0, [], [RefusedRow(2, Contradiction.REPORTED_ALIVE)])]


async def test_other_imports_may_be_faster_with_every_chunk() -> None:
    imports = PatientImport(OvertakenRepository(a_report(NHS_1), a_report(NHS_2)), chunk_rows=1)

    await imports.report(a_report(NHS_1), a_report(NHS_2), a_report(NHS_3))

    assert imports.repository.owned.keys() == {NHS_1, NHS_2, NHS_3}
    assert (imports.imported, imports.unchanged) == (1, 2)
