"""Rows of one file that name one patient: they count as one, in any order and in any chunks."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest

from domain.patient_reports import Contradiction, KnownPatient, PatientReport
from tests.builders import (
    CHI,
    HCN,
    NHS,
    a_known_patient,
    a_patient_id,
    a_report,
    an_identifier,
)
from tests.fakes.patient_file import bad_row, row
from tests.unit.application.administration.patient_import import PatientImport

NHS_1, NHS_2, NHS_3 = (an_identifier(number, NHS) for number in (1, 2, 3))
CHI_1, CHI_2, CHI_3 = (an_identifier(number, CHI) for number in (1, 2, 3))
HCN_1 = an_identifier(1, HCN)
OTHER_DAY = date(1981, 5, 2)

in_chunks = pytest.mark.parametrize("chunk_rows", [1, 10_000], ids=["a-row-a-chunk", "one-chunk"])


@in_chunks
@pytest.mark.parametrize(
    ("reports", "known"),
    [
        pytest.param(
            [a_report(NHS_1), a_report(NHS_1, CHI_1, deceased=True)],
            a_known_patient(NHS_1, CHI_1, deceased=True),
            id="one-says-more",
        ),
        pytest.param(
            [a_report(NHS_1, registered=True), a_report(NHS_1, registered=False)],
            a_known_patient(NHS_1, registered=True),
            id="registered-and-not",
        ),
        pytest.param(
            [a_report(NHS_1, deceased=True), a_report(NHS_1, date_of_birth=None)],
            a_known_patient(NHS_1, deceased=True),
            id="one-says-nothing",
        ),
        pytest.param(
            [a_report(NHS_1, CHI_1), a_report(CHI_1, HCN_1), a_report(HCN_1, deceased=True)],
            a_known_patient(NHS_1, CHI_1, HCN_1, deceased=True),
            id="a-chain",
        ),
    ],
)
async def test_rows_about_one_new_patient_make_one_patient(
    reports: Sequence[PatientReport], known: KnownPatient, chunk_rows: int
) -> None:
    for order in permutations(reports):
        imports = PatientImport(chunk_rows=chunk_rows)

        await imports.report(*order)

        assert imports.repository.known == {a_patient_id(1): known}
        assert (imports.imported, imports.unchanged, imports.refused) == (len(reports), 0, {})


@in_chunks
@pytest.mark.parametrize(
    "reports",
    [
        pytest.param([a_report(NHS_1), a_report(NHS_1, date_of_birth=OTHER_DAY)], id="dates-of-birth"),
        pytest.param([a_report(NHS_1, deceased=True), a_report(NHS_1, deceased=False)], id="death"),
        pytest.param(
            [a_report(NHS_1, CHI_1), a_report(NHS_2, CHI_1, date_of_birth=OTHER_DAY)],
            id="two-numbers-of-one-system",
        ),
        pytest.param([a_report(NHS_1), a_report(CHI_2), a_report(NHS_1, CHI_2, NHS_3)], id="a-bridge"),
    ],
)
async def test_rows_that_contradict_each_other_are_all_refused(
    reports: Sequence[PatientReport], chunk_rows: int
) -> None:
    for order in permutations(reports):
        imports = PatientImport(chunk_rows=chunk_rows)

        await imports.report(*order, a_report(CHI_3))

        assert imports.refused == dict.fromkeys(range(2, 2 + len(reports)), Contradiction.OTHER_ROWS)
        assert imports.repository.known == {a_patient_id(1): a_known_patient(CHI_3)}


@in_chunks
async def test_rows_that_name_a_known_patient_by_different_numbers_are_one(chunk_rows: int) -> None:
    for order in permutations([a_report(NHS_1), a_report(CHI_1, date_of_birth=OTHER_DAY), a_report(NHS_2)]):
        imports = PatientImport(chunk_rows=chunk_rows)
        await imports.report(a_report(NHS_1, CHI_1, date_of_birth=None))

        await imports.report(*order)

        known = imports.repository.known[a_patient_id(1)]
        assert known == a_known_patient(NHS_1, CHI_1, date_of_birth=None)
        assert [*imports.refused.values()] == [Contradiction.OTHER_ROWS] * 2


@in_chunks
async def test_a_row_by_another_known_number_may_say_the_date_of_birth_that_a_new_number_needs(
    chunk_rows: int,
) -> None:
    for order in permutations([a_report(NHS_1, HCN_1), a_report(CHI_1)]):
        imports = PatientImport(chunk_rows=chunk_rows)
        await imports.report(a_report(NHS_1, CHI_1, date_of_birth=None))

        await imports.report(*order)

        assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1, CHI_1, HCN_1)}
        assert imports.refused == {}


async def test_if_rows_of_one_patient_contradict_what_is_known_all_of_them_are_refused() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1, deceased=True))

    await imports.report(a_report(NHS_1, registered=True), a_report(NHS_1, deceased=False))

    assert imports.refused == dict.fromkeys((2, 3), Contradiction.REPORTED_ALIVE)
    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1, deceased=True)}


async def test_a_bad_or_implausible_row_contradicts_no_other() -> None:
    imports = PatientImport()
    implausible = a_report(NHS_1, date_of_birth=date(1753, 1, 1))

    await imports.rows(bad_row(2), row(3, implausible), row(4, a_report(NHS_1)))

    assert [*imports.refused] == [3]
    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1)}
