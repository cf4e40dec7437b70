"""The work is set-based: one statement reads a batch, one writes it, however large it is."""

import pytest

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import OrderedPatientIds, SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.redemption import SqlRedemptionRepository
from adapters.system import AsyncioConcurrency
from application.administration.patients import CHUNK_ROWS, ImportPatients
from application.ports.redemption import AttemptCounted, AttemptNotCounted, Decision
from tests.builders import (
    HOSPITAL,
    NOW,
    TODAY,
    a_remembered_request,
    a_report,
    a_request_name,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.fakes.clock import FixedClock
from tests.fakes.patient_file import InMemoryPatientFile
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
async def test_stored_patients_of_any_number_are_found_by_two_statements(
    patient_report_repository: SqlPatientReportRepository, size: int
) -> None:
    named = [an_identifier(number) for number in range(size)]
    await reported(patient_report_repository, *map(a_report, named))

    async with recorded_statements() as statements:
        await patient_report_repository.find(named)

    assert len(statements) == 2


@pytest.mark.parametrize("size", NAMED_AT_ONCE)
@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
async def test_reports_of_any_number_are_stored_by_ten_statements_at_most(
    patient_report_repository: SqlPatientReportRepository,
    size: int,
    known: bool,  # noqa: FBT001 - a case
) -> None:
    named = [an_identifier(number) for number in range(size)]
    if known:
        await reported(patient_report_repository, *(a_report(each, date_of_birth=None) for each in named))

    async with recorded_statements() as statements:
        await reported(patient_report_repository, *map(a_report, named))

    assert len(statements) <= 10


@pytest.mark.parametrize("size", SIZES)
async def test_invitations_of_any_number_are_added_by_one_statement_and_their_event_by_one_more_at_most(
    patient_report_repository: SqlPatientReportRepository,
    invitation_repository: SqlInvitationRepository,
    size: int,
) -> None:
    numbers = range(1, size + 1)
    await reported(patient_report_repository, *(a_report(an_identifier(number)) for number in numbers))
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
    await reported(patient_report_repository, *(a_report(an_identifier(number)) for number in numbers))
    invitations = [an_invitation(f"{number:010}", patient=number) for number in numbers]

    async with recorded_statements() as statements:
        await invitation_repository.add(invitations, an_audit_event(), a_remembered_request())

    assert len([each for each in statements if "INSERT INTO remembered_request " in each]) == 1
    assert len(statements) in {1, 3}


async def test_a_request_is_looked_for_by_one_statement(
    idempotency_repository: SqlIdempotencyRepository,
) -> None:
    async with recorded_statements() as statements:
        await idempotency_repository.find(a_request_name(), NOW)

    assert len(statements) == 1


@pytest.fixture
async def _a_patient_is_invited(
    patient_report_repository: SqlPatientReportRepository, invitation_repository: SqlInvitationRepository
) -> None:
    await reported(patient_report_repository, a_report())
    await invitation_repository.add([an_invitation("KNOWN")], an_audit_event())


@pytest.mark.usefixtures("_a_patient_is_invited")
@pytest.mark.parametrize("keys", [1, 5])
@pytest.mark.parametrize(
    ("code", "change"),
    [
        pytest.param("KNOWN", AttemptCounted(NOW), id="counted"),
        pytest.param("KNOWN", AttemptNotCounted(NOW), id="closed"),
        pytest.param("UNKNOWN", AttemptNotCounted(NOW), id="unknown"),
    ],
)
async def test_an_attempt_takes_as_many_statements_for_any_code_and_any_number_of_keys(
    redemption_repository: SqlRedemptionRepository,
    keys: int,
    code: str,
    change: AttemptCounted | AttemptNotCounted,
) -> None:
    digests = [an_invitation(code).code_digest, *(bytes([number] * 32) for number in range(1, keys))]

    async with recorded_statements() as statements:
        await redemption_repository.by_code(digests, NOW, lambda _found: (Decision(change), None))

    assert len(statements) == 5
    assert len([each for each in statements if "JOIN invitation ON invitation.code_digest = " in each]) == 1


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
    file = InMemoryPatientFile.of([a_report(an_identifier(number)) for number in range(CHUNKS * CHUNK_ROWS)])

    async with recorded_statements() as statements:
        await import_patients(HOSPITAL, file, lambda _chunk: None)

    assert len(statements) <= 1 + 10 * CHUNKS
