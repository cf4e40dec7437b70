"""What a correction replaces in what is known."""

from datetime import date

import pytest

from application.administration.patients import CorrectPatients
from domain.administration import Command
from domain.patient_reports import Contradiction, PatientReport
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    OTHER_HOSPITAL,
    a_known_patient,
    a_patient_id,
    a_report,
    an_identifier,
)
from tests.unit.application.administration.patient_import import PatientImport

NHS_1, NHS_2, NHS_3 = (an_identifier(number, NHS) for number in (1, 2, 3))
CHI_1, CHI_2 = (an_identifier(number, CHI) for number in (1, 2))
OTHER_DAY = date(1981, 5, 2)


async def _corrected(*corrections: PatientReport) -> PatientImport:
    """Correct what a hospital has reported of two patients, and give what came of it."""
    imports = PatientImport()
    await imports.report(a_report(NHS_1, CHI_1, deceased=True, registered=True), a_report(NHS_2))
    correction = PatientImport(imports.repository, use_case=CorrectPatients)
    await correction.report(*corrections, organisation_id=OTHER_HOSPITAL)
    return correction


@pytest.mark.parametrize(
    ("said", "known"),
    [
        pytest.param(
            a_report(NHS_1, date_of_birth=OTHER_DAY),
            a_known_patient(NHS_1, CHI_1, date_of_birth=OTHER_DAY, deceased=True, registered=True),
            id="date-of-birth",
        ),
        pytest.param(
            PatientReport((NHS_1,), birth_unknown=True),
            a_known_patient(NHS_1, CHI_1, date_of_birth=None, deceased=True, registered=True),
            id="date-of-birth-unknown",
        ),
        pytest.param(
            PatientReport((NHS_1,), deceased=False),
            a_known_patient(NHS_1, CHI_1, registered=True),
            id="death-taken-back",
        ),
        pytest.param(
            PatientReport((NHS_1,), registered=False),
            a_known_patient(NHS_1, CHI_1, deceased=True),
            id="registration-taken-back",
        ),
        pytest.param(
            PatientReport((NHS_1, CHI_2)),
            a_known_patient(NHS_1, CHI_2, deceased=True, registered=True),
            id="another-number",
        ),
    ],
)
async def test_what_a_correction_says_replaces_what_is_known(said: PatientReport, known: object) -> None:
    correction = await _corrected(said)

    assert correction.repository.known[a_patient_id(1)] == known
    assert correction.imported == 1


async def test_a_correction_leaves_the_care_relationships_alone() -> None:
    correction = await _corrected(a_report(NHS_2, date_of_birth=OTHER_DAY))

    assert correction.repository.care_relationships == {(HOSPITAL, a_patient_id(number)) for number in (1, 2)}


async def test_a_correction_is_in_the_history_under_its_own_name() -> None:
    correction = await _corrected(a_report(NHS_2, date_of_birth=OTHER_DAY))

    [(patient, change)] = correction.repository.changes
    assert patient == a_patient_id(2)
    assert (change.attribution.command, change.attribution.organisation_id) == (
        Command.CORRECT_PATIENTS,
        OTHER_HOSPITAL,
    )


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        pytest.param([a_report(NHS_3)], Contradiction.UNKNOWN_PATIENT, id="nobody"),
        pytest.param([PatientReport((NHS_2, CHI_1))], Contradiction.SEVERAL_PATIENTS, id="two-patients"),
        pytest.param([PatientReport((NHS_1, NHS_3))], Contradiction.SECOND_NUMBER, id="two-numbers"),
        pytest.param(
            [a_report(NHS_2, date_of_birth=OTHER_DAY), PatientReport((NHS_2,), birth_unknown=True)],
            Contradiction.OTHER_ROWS,
            id="known-and-unknown",
        ),
        pytest.param(
            [PatientReport((NHS_1,), registered=False), PatientReport((NHS_1,), registered=True)],
            Contradiction.OTHER_ROWS,
            id="registered-and-not",
        ),
    ],
)
async def test_a_correction_is_refused_and_changes_nothing(
    said: list[PatientReport], rule: Contradiction
) -> None:
    before = (await _corrected()).repository.known

    correction = await _corrected(*said)

    assert {*correction.refused.values()} == {rule}
    assert correction.repository.known == before


@pytest.mark.parametrize("chunk_rows", [1, 10_000], ids=["a-row-a-chunk", "one-chunk"])
@pytest.mark.parametrize(
    "said",
    [
        pytest.param([PatientReport((NHS_3, CHI_1)), PatientReport((NHS_1, CHI_2))], id="in-order"),
        pytest.param([PatientReport((NHS_1, CHI_2)), PatientReport((NHS_3, CHI_1))], id="reversed"),
    ],
)
async def test_rows_that_name_one_patient_by_numbers_that_other_rows_replace_are_all_refused(
    said: list[PatientReport], chunk_rows: int
) -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1, CHI_1), a_report(NHS_2))
    before = dict(imports.repository.known)
    correction = PatientImport(imports.repository, chunk_rows, CorrectPatients)

    await correction.report(*said)

    assert correction.refused == dict.fromkeys((2, 3), Contradiction.OTHER_ROWS)
    assert correction.repository.known == before


async def test_a_correction_that_is_made_again_changes_nothing() -> None:
    said = a_report(NHS_2, date_of_birth=OTHER_DAY)
    correction = await _corrected(said)

    await correction.report(said)

    assert (correction.imported, correction.unchanged) == (0, 1)


async def test_a_restricted_record_puts_the_patient_on_hold_for_all_organisations() -> None:
    imports = PatientImport()

    await imports.report(PatientReport((NHS_1,), restricted=True), a_report(NHS_2))

    assert [(each, scope, str(why)) for each, scope, why in imports.repository.holds] == [
        (a_patient_id(1), None, "restricted-record")
    ]
    assert [chunk.restricted for chunk in imports.chunks] == [1]
