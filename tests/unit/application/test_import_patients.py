"""The patient of a row, and the effect of its content."""

import pytest
from returns.result import Failure, Success

from application.administration.patients import ImportedChunk, PatientRow
from application.ports.system import Unavailable
from domain.organisations import OrganisationId, OrganisationUnknown
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    OTHER_HOSPITAL,
    a_patient_id,
    a_record,
    a_request_id,
    an_identifier,
)
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.patient_import import PatientImport, ambiguous, bad_row, row

UNKNOWN = OrganisationId(a_request_id(404))
FIRST, SECOND, THIRD, FOURTH = (an_identifier(number) for number in (1, 2, 3, 4))


async def test_every_row_about_an_unknown_patient_makes_one() -> None:
    imports = PatientImport()

    imported = await imports.report(row(2, a_record(FIRST)), row(3, a_record(SECOND, deceased=True)))

    assert imported == Success(None)
    assert imports.register.records == {
        a_patient_id(1): a_record(FIRST),
        a_patient_id(2): a_record(SECOND, deceased=True),
    }


async def test_each_identifier_of_a_row_names_its_patient() -> None:
    imports = PatientImport()

    await imports.report(row(2, a_record(FIRST, SECOND)))

    assert imports.register.owned == {FIRST: a_patient_id(1), SECOND: a_patient_id(1)}


async def test_the_same_number_in_two_systems_makes_two_patients() -> None:
    imports = PatientImport()
    nhs, chi = an_identifier(1, NHS), an_identifier(1, CHI)

    await imports.report(row(2, a_record(nhs)), row(3, a_record(chi)))

    assert imports.register.owned == {nhs: a_patient_id(1), chi: a_patient_id(2)}


async def test_an_imported_patient_has_a_care_relationship_with_the_organisation() -> None:
    imports = PatientImport()

    await imports.report(row(2, a_record(FIRST)), organisation_id=OTHER_HOSPITAL)

    assert imports.register.care_relationships == {(OTHER_HOSPITAL, a_patient_id(1))}


async def test_a_row_replaces_the_record_of_a_known_patient() -> None:
    imports = PatientImport()
    await imports.report(row(2, a_record(FIRST)))

    await imports.report(row(2, a_record(FIRST, date_of_birth=None, deceased=True, registered=True)))

    assert imports.register.records == {
        a_patient_id(1): a_record(FIRST, date_of_birth=None, deceased=True, registered=True)
    }


async def test_a_row_without_registration_leaves_the_known_one() -> None:
    imports = PatientImport()
    await imports.report(row(2, a_record(FIRST, registered=True)))

    await imports.report(row(2, a_record(FIRST, registered=None)))

    assert imports.register.records == {a_patient_id(1): a_record(FIRST, registered=True)}


async def test_a_known_patient_may_be_named_by_one_more_identifier() -> None:
    imports = PatientImport()
    await imports.report(row(2, a_record(FIRST)))

    await imports.report(row(2, a_record(FIRST, SECOND)))

    assert imports.register.owned == {FIRST: a_patient_id(1), SECOND: a_patient_id(1)}


async def test_a_second_import_of_the_same_rows_changes_nothing() -> None:
    imports = PatientImport()
    rows = [row(2, a_record(FIRST, SECOND)), row(3, a_record(THIRD))]
    await imports.report(*rows)
    before = (dict(imports.register.records), dict(imports.register.owned))

    await imports.report(*rows)

    assert (imports.register.records, imports.register.owned) == before
    assert imports.chunks == [ImportedChunk(2, [])] * 2


async def test_two_organisations_may_report_the_same_patient() -> None:
    imports = PatientImport()

    for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
        await imports.report(row(2, a_record(FIRST)), organisation_id=organisation_id)

    assert imports.register.care_relationships == {
        (HOSPITAL, a_patient_id(1)),
        (OTHER_HOSPITAL, a_patient_id(1)),
    }


async def test_two_rows_of_a_chunk_about_one_patient_make_one_patient_as_the_later_row_says() -> None:
    imports = PatientImport()

    await imports.report(row(2, a_record(FIRST)), row(3, a_record(FIRST, SECOND, deceased=True)))

    assert imports.register.records == {a_patient_id(1): a_record(FIRST, SECOND, deceased=True)}
    assert imports.chunks == [ImportedChunk(2, [])]


async def test_a_row_without_registration_leaves_the_one_of_its_chunk() -> None:
    imports = PatientImport()

    await imports.report(row(2, a_record(FIRST, registered=True)), row(3, a_record(FIRST, registered=None)))

    assert imports.register.records == {a_patient_id(1): a_record(FIRST, registered=True)}


async def test_rows_of_a_chunk_are_joined_by_any_of_their_identifiers() -> None:
    imports = PatientImport()

    await imports.report(
        row(2, a_record(FIRST, SECOND)), row(3, a_record(SECOND, THIRD)), row(4, a_record(THIRD, FOURTH))
    )

    assert imports.register.owned == dict.fromkeys([FIRST, SECOND, THIRD, FOURTH], a_patient_id(1))


async def test_a_row_that_names_two_known_patients_is_bad_and_changes_neither() -> None:
    imports = PatientImport()
    await imports.report(row(2, a_record(FIRST)), row(3, a_record(SECOND)))

    await imports.report(row(2, a_record(FIRST, SECOND, deceased=True)), row(3, a_record(THIRD)))

    assert imports.chunks[1] == ImportedChunk(1, [ambiguous(2)])
    assert imports.register.records == {
        a_patient_id(1): a_record(FIRST),
        a_patient_id(2): a_record(SECOND),
        a_patient_id(3): a_record(THIRD),
    }


async def test_a_row_that_names_two_patients_of_its_own_chunk_is_bad() -> None:
    imports = PatientImport()

    await imports.report(
        row(2, a_record(FIRST)), row(3, a_record(SECOND)), row(4, a_record(FIRST, SECOND, THIRD))
    )

    assert imports.chunks == [ImportedChunk(2, [ambiguous(4)])]
    assert imports.register.owned == {FIRST: a_patient_id(1), SECOND: a_patient_id(2)}


async def test_bad_rows_are_reported_in_the_order_of_their_lines() -> None:
    imports = PatientImport()

    await imports.report(
        row(2, a_record(FIRST)),
        row(3, a_record(SECOND)),
        row(4, a_record(FIRST, SECOND)),
        bad_row(5),
        row(6, a_record(FIRST, SECOND)),
        bad_row(7),
    )

    [chunk] = imports.chunks
    assert [bad.line for bad in chunk.bad_rows] == [4, 5, 6, 7]


async def test_bad_rows_do_not_stop_the_import_of_the_others() -> None:
    imports = PatientImport()

    imported = await imports.report(bad_row(2), row(3, a_record(FIRST)), bad_row(4))

    assert imported == Success(None)
    assert imports.chunks == [ImportedChunk(1, [bad_row(2).failure(), bad_row(4).failure()])]
    assert imports.register.records == {a_patient_id(1): a_record(FIRST)}


async def test_for_an_unknown_organisation_no_row_is_read_or_imported() -> None:
    imports = PatientImport()
    rows = iter([row(2, a_record(FIRST))])

    imported = await imports.run(rows, organisation_id=UNKNOWN)

    assert imported == Failure(OrganisationUnknown())
    assert (imports.register.records, imports.chunks) == ({}, [])
    assert len(list(rows)) == 1


async def test_a_repository_that_is_down_stops_the_import() -> None:
    imports = PatientImport()

    with pytest.raises(Unavailable):
        await imports.run([row(2, a_record(FIRST))], register=OutOfOrder())

    assert imports.chunks == []


def test_a_repr_of_a_row_shows_the_line_alone() -> None:
    assert repr(PatientRow(2, a_record(FIRST))) == "PatientRow(line=2, record=PatientRecord(<hidden>))"
