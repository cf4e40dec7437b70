"""Which patient a row belongs to, and what becomes of what it says."""

from datetime import date

import pytest
from returns.result import Failure, Success

from application.administration.patients import ImportedChunk
from application.administration.reported_rows import RefusedRow
from application.ports.patient_files import PatientRow
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import BadReport, Contradiction
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    OTHER_HOSPITAL,
    a_known_patient,
    a_patient_id,
    a_report,
    a_request_id,
    an_identifier,
)
from tests.fakes.patient_file import bad_row, row
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.administration.patient_import import PatientImport

UNKNOWN = OrganisationId(a_request_id(404))
NHS_1, NHS_2, NHS_3 = (an_identifier(number, NHS) for number in (1, 2, 3))
CHI_1, CHI_2 = (an_identifier(number, CHI) for number in (1, 2))
IMPLAUSIBLE = date(1753, 1, 1)


async def test_every_row_with_new_identifiers_makes_a_patient() -> None:
    imports = PatientImport()

    imported = await imports.report(a_report(NHS_1), a_report(NHS_2, deceased=True))

    assert imported == Success(None)
    assert imports.repository.known == {
        a_patient_id(1): a_known_patient(NHS_1),
        a_patient_id(2): a_known_patient(NHS_2, deceased=True),
    }


async def test_each_identifier_of_a_row_names_its_patient() -> None:
    imports = PatientImport()

    await imports.report(a_report(NHS_1, CHI_2))

    assert imports.repository.owned == {NHS_1: a_patient_id(1), CHI_2: a_patient_id(1)}


async def test_the_same_number_in_two_systems_makes_two_patients() -> None:
    imports = PatientImport()

    await imports.report(a_report(NHS_1), a_report(CHI_1))

    assert imports.repository.owned == {NHS_1: a_patient_id(1), CHI_1: a_patient_id(2)}


async def test_an_imported_patient_has_a_care_relationship_with_the_organisation() -> None:
    imports = PatientImport()

    await imports.report(a_report(NHS_1), organisation_id=OTHER_HOSPITAL)

    assert imports.repository.care_relationships == {(OTHER_HOSPITAL, a_patient_id(1))}


async def test_two_organisations_may_report_the_same_patient() -> None:
    imports = PatientImport()

    for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
        await imports.report(a_report(NHS_1), organisation_id=organisation_id)

    assert imports.repository.care_relationships == {
        (HOSPITAL, a_patient_id(1)),
        (OTHER_HOSPITAL, a_patient_id(1)),
    }


async def test_a_row_adds_to_what_is_known() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1))

    await imports.report(a_report(NHS_1, CHI_1, deceased=True, registered=True))

    assert imports.repository.known == {
        a_patient_id(1): a_known_patient(NHS_1, CHI_1, deceased=True, registered=True)
    }
    assert imports.chunks == [ImportedChunk(1, 0, [], [])]


async def test_a_row_that_says_nothing_new_is_unchanged() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1, registered=True))

    await imports.report(a_report(NHS_1, date_of_birth=None))

    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1, registered=True)}
    assert imports.chunks == [ImportedChunk(0, 1, [], [])]


async def test_a_second_import_of_the_same_rows_changes_nothing() -> None:
    imports = PatientImport()
    reports = [a_report(NHS_1, CHI_2), a_report(NHS_3), a_report(NHS_3)]
    await imports.report(*reports)
    before = (dict(imports.repository.known), dict(imports.repository.owned))

    await imports.report(*reports)

    assert (imports.repository.known, imports.repository.owned) == before
    assert imports.chunks == [ImportedChunk(0, 3, [], [])]


async def test_a_row_that_contradicts_what_is_known_is_refused_and_changes_nothing_at_all() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1, deceased=True))

    await imports.report(
        a_report(NHS_1, CHI_1, deceased=False, registered=True),
        a_report(NHS_2),
        organisation_id=OTHER_HOSPITAL,
    )

    assert imports.chunks == [ImportedChunk(1, 0, [], [RefusedRow(2, Contradiction.REPORTED_ALIVE)])]
    assert imports.repository.known == {
        a_patient_id(1): a_known_patient(NHS_1, deceased=True),
        a_patient_id(2): a_known_patient(NHS_2),
    }
    assert imports.repository.care_relationships == {
        (HOSPITAL, a_patient_id(1)),
        (OTHER_HOSPITAL, a_patient_id(2)),
    }


async def test_a_row_that_names_two_known_patients_is_refused_and_changes_neither() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1), a_report(CHI_2))

    await imports.report(a_report(NHS_1, CHI_2, deceased=True), a_report(NHS_3))

    assert imports.refused == {2: Contradiction.SEVERAL_PATIENTS}
    assert imports.repository.known == {
        a_patient_id(1): a_known_patient(NHS_1),
        a_patient_id(2): a_known_patient(CHI_2),
        a_patient_id(3): a_known_patient(NHS_3),
    }


async def test_a_row_with_a_placeholder_or_an_implausible_date_of_birth_is_refused() -> None:
    imports = PatientImport()
    placeholder = PatientIdentifier(NHS, "9999999999")

    await imports.report(a_report(placeholder), a_report(NHS_1, date_of_birth=IMPLAUSIBLE), a_report(NHS_2))

    assert imports.refused == {2: BadReport.PLACEHOLDER_NUMBER, 3: BadReport.IMPLAUSIBLE_DATE_OF_BIRTH}
    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_2)}


async def test_problems_are_reported_in_the_order_of_their_lines() -> None:
    imports = PatientImport()
    await imports.report(a_report(NHS_1))

    await imports.rows(
        bad_row(2),
        row(3, a_report(NHS_1, NHS_2)),
        row(4, a_report(NHS_3, date_of_birth=IMPLAUSIBLE)),
        bad_row(5),
        row(6, a_report(CHI_1, CHI_2)),
    )

    [chunk] = imports.chunks
    assert [bad.line for bad in chunk.bad_rows] == [2, 5]
    assert [refused.line for refused in chunk.refused_rows] == [3, 4, 6]


async def test_bad_rows_do_not_stop_the_import_of_the_others() -> None:
    imports = PatientImport()

    imported = await imports.rows(bad_row(2), row(3, a_report(NHS_1)), bad_row(4))

    assert imported == Success(None)
    assert imports.chunks == [ImportedChunk(1, 0, [bad_row(2).failure(), bad_row(4).failure()], [])]
    assert imports.repository.known == {a_patient_id(1): a_known_patient(NHS_1)}


async def test_for_an_unknown_organisation_no_row_is_read_or_imported() -> None:
    imports = PatientImport()
    rows = iter([row(2, a_report(NHS_1))])

    imported = await imports.run(lambda: rows, organisation_id=UNKNOWN)

    assert imported == Failure(OrganisationUnknown())
    assert (imports.repository.known, imports.chunks) == ({}, [])
    assert len(list(rows)) == 1


async def test_a_repository_that_is_down_stops_the_import() -> None:
    imports = PatientImport()

    with pytest.raises(Unavailable):
        await imports.run(lambda: [row(2, a_report(NHS_1))], repository=OutOfOrder())

    assert imports.chunks == []


def test_a_repr_of_a_row_shows_the_line_alone() -> None:
    assert repr(PatientRow(2, a_report(NHS_1))) == "PatientRow(line=2, report=PatientReport(<hidden>))"
