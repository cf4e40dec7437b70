"""What stays true of the patients, whatever is reported of them, in any order of rows and files."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import PatientIdentifier
from domain.patient_reports import KnownPatient, PatientReport
from domain.patients import PatientId
from tests.builders import ADULT, CHI, HCN, HOSPITAL, NHS, OTHER_HOSPITAL, an_identifier
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.unit.application.administration.patient_import import PatientImport

File: TypeAlias = Sequence[PatientReport]

MOST_ROWS = 5

NUMBERS = {
    system: [None, *(an_identifier(number, system) for number in (1, 2))] for system in (NHS, CHI, HCN)
}

reports = st.builds(
    lambda numbers, *said: PatientReport(tuple(filter(None, numbers)), *said),
    st.tuples(*(st.sampled_from(numbers) for numbers in NUMBERS.values())).filter(any),
    st.sampled_from([None, ADULT, date(1981, 5, 2)]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, True, False]),
)
files = st.lists(reports, max_size=MOST_ROWS)
histories = st.lists(files, max_size=4)
chunks = st.sampled_from([1, 2, 10_000])


async def _after(history: Iterable[File], chunk_rows: int) -> PatientImport:
    """Import the files, one hospital's and the other's by turns."""
    imports = PatientImport(chunk_rows=chunk_rows)
    for number, file in enumerate(history):
        await imports.report(*file, organisation_id=(HOSPITAL, OTHER_HOSPITAL)[number % 2])
    return imports


def _content(
    repository: InMemoryPatientReportRepository,
) -> tuple[dict[PatientId, KnownPatient], dict[PatientIdentifier, PatientId], set[object]]:
    return dict(repository.known), dict(repository.owned), {*repository.care_relationships}


def _believed(repository: InMemoryPatientReportRepository) -> Counter[object]:
    """Give what is known of the patients and who reported them, whatever their ids."""
    return Counter(
        (
            known,
            frozenset(organisation for organisation, each in repository.care_relationships if each == id_),
        )
        for id_, known in repository.known.items()
    )


@given(history=histories, chunk_rows=chunks)
async def test_nothing_goes_back(history: Sequence[File], chunk_rows: int) -> None:
    imports = PatientImport(chunk_rows=chunk_rows)

    for file in history:
        before = dict(imports.repository.known)
        await imports.report(*file)

        after = imports.repository.known
        for patient_id, known in before.items():
            assert after[patient_id].deceased >= known.deceased
            assert after[patient_id].registered >= known.registered
            assert after[patient_id].date_of_birth == known.date_of_birth or known.date_of_birth is None
            assert after[patient_id].identifiers >= known.identifiers


@given(history=histories, chunk_rows=chunks)
async def test_every_identifier_names_one_patient_for_good(history: Sequence[File], chunk_rows: int) -> None:
    imports = PatientImport(chunk_rows=chunk_rows)

    for file in history:
        before = dict(imports.repository.owned)
        await imports.report(*file)

        repository = imports.repository
        named = Counter(each for known in repository.known.values() for each in known.identifiers)
        assert repository.owned.items() >= before.items()
        assert named == Counter([*repository.owned])


@given(history=histories, chunk_rows=chunks)
async def test_no_patient_has_two_numbers_of_one_system(history: Sequence[File], chunk_rows: int) -> None:
    imports = await _after(history, chunk_rows)

    for known in imports.repository.known.values():
        assert len(known.identifiers) == len({each.system for each in known.identifiers})


@given(history=histories, file=files, chunk_rows=chunks)
async def test_every_row_is_imported_unchanged_or_refused(
    history: Sequence[File], file: File, chunk_rows: int
) -> None:
    imports = await _after([*history, file], chunk_rows)

    assert imports.imported + imports.unchanged + len(imports.refused) == len(file)


@given(history=histories, file=files, chunk_rows=chunks)
async def test_a_second_import_changes_nothing_and_refuses_the_same_rows(
    history: Sequence[File], file: File, chunk_rows: int
) -> None:
    imports = await _after([*history, file], chunk_rows)
    before, refused = _content(imports.repository), imports.refused

    await imports.report(*file, organisation_id=(HOSPITAL, OTHER_HOSPITAL)[len(history) % 2])

    assert _content(imports.repository) == before
    assert (imports.refused, imports.imported) == (refused, 0)


@given(history=histories, file=files, places=st.permutations(range(MOST_ROWS)), chunk_rows=chunks)
async def test_the_order_of_the_rows_of_a_file_does_not_matter(
    history: Sequence[File], file: File, places: Sequence[int], chunk_rows: int
) -> None:
    order = [place for place in places if place < len(file)]
    in_order = await _after([*history, file], chunk_rows)

    reordered = await _after([*history, [file[position] for position in order]], chunk_rows)

    assert _believed(reordered.repository) == _believed(in_order.repository)
    assert {order[line - 2] + 2: rule for line, rule in reordered.refused.items()} == in_order.refused
    assert (reordered.imported, reordered.unchanged) == (in_order.imported, in_order.unchanged)
