"""The work is set-based: one statement reads a batch, one writes it, however large it is."""

from datetime import date

import pytest
from returns.result import Success

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import OrderedPatientIds, SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.system import AsyncioConcurrency
from application.administration.patients import CHUNK_ROWS, ImportPatients, PatientRow
from domain.patients import PatientRecord
from tests.builders import (
    HOSPITAL,
    NOW,
    TODAY,
    a_chunk,
    a_record,
    a_remembered_request,
    a_request_name,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
)
from tests.fakes.clock import FixedClock
from tests.integration.sql.statements import recorded_statements

SIZES = [pytest.param(1, id="1"), pytest.param(500, id="500")]
NAMED_AT_ONCE = [*SIZES, pytest.param(5_000, id="5000")]
CHUNKS = 2


@pytest.fixture(autouse=True)
async def _the_organisation_is_there(organisation_repository: SqlOrganisationRepository) -> None:
    await organisation_repository.add(an_organisation())


@pytest.mark.parametrize("size", NAMED_AT_ONCE)
async def test_a_batch_of_any_size_is_found_by_one_statement(
    patient_repository: SqlPatientRepository, size: int
) -> None:
    async with recorded_statements() as statements:
        await patient_repository.find(HOSPITAL, [an_identifier(number) for number in range(size)])

    assert len(statements) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_the_owners_of_any_number_of_identifiers_are_found_by_one_statement(
    patient_report_repository: SqlPatientReportRepository, size: int
) -> None:
    async with recorded_statements() as statements:
        await patient_report_repository.owners([an_identifier(number) for number in range(size)])

    assert len(statements) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_invitations_of_any_number_are_added_by_one_statement_and_their_event_by_one_more_at_most(
    patient_report_repository: SqlPatientReportRepository,
    invitation_repository: SqlInvitationRepository,
    size: int,
) -> None:
    numbers = range(1, size + 1)
    await patient_report_repository.merge(a_chunk(*(a_record(an_identifier(number)) for number in numbers)))
    invitations = [an_invitation(f"{number:010}", patient=number) for number in numbers]

    async with recorded_statements() as statements:
        await invitation_repository.add(invitations, an_audit_event())

    assert len([each for each in statements if "INSERT INTO invitation " in each]) == 1
    assert len(statements) <= 2


@pytest.mark.parametrize("size", SIZES)
async def test_an_idempotency_record_takes_one_more_statement_at_most(
    patient_report_repository: SqlPatientReportRepository,
    invitation_repository: SqlInvitationRepository,
    size: int,
) -> None:
    numbers = range(1, size + 1)
    await patient_report_repository.merge(a_chunk(*(a_record(an_identifier(number)) for number in numbers)))
    invitations = [an_invitation(f"{number:010}", patient=number) for number in numbers]

    async with recorded_statements() as statements:
        await invitation_repository.add(invitations, an_audit_event(), a_remembered_request())

    assert len([each for each in statements if "INSERT INTO remembered_request " in each]) == 1
    assert len(statements) in {1, 3}


async def test_a_request_is_looked_for_by_one_statement(
    idempotency_repository: SqlIdempotencyRepository,
) -> None:
    async with recorded_statements() as statements:
        await idempotency_repository.find(a_request_name(), since=NOW)

    assert len(statements) == 1


async def test_a_call_is_put_on_record_by_one_statement(audit_repository: SqlAuditRepository) -> None:
    async with recorded_statements() as statements:
        await audit_repository.record(an_audit_event())

    assert len(statements) == 1


@pytest.mark.full
async def test_an_import_takes_ten_statements_a_chunk_at_most(
    organisation_repository: SqlOrganisationRepository, patient_report_repository: SqlPatientReportRepository
) -> None:
    import_patients = ImportPatients(
        organisation_repository,
        patient_report_repository,
        OrderedPatientIds(),
        FixedClock(NOW, TODAY),
        AsyncioConcurrency(),
    )
    born = date(1980, 4, 1)
    rows = (
        Success(
            PatientRow(number, PatientRecord((an_identifier(number),), born, deceased=False, registered=None))
        )
        for number in range(CHUNKS * CHUNK_ROWS)
    )

    async with recorded_statements() as statements:
        await import_patients(HOSPITAL, rows, lambda _chunk: None)

    assert len(statements) <= 1 + 10 * CHUNKS
