"""The SQL adapters on a migrated database, under the fixture names of the contracts."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from msgspec import structs
from sqlalchemy import Connection, delete, make_url, select, update

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.care import SqlCareRepository
from adapters.sql.command_events import SqlCommandEventRepository
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.expired_invitations import SqlExpiredInvitations
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitation_counts import SqlInvitationCounts
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository, SqlRedemptionGrants
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patient_invitations import (
    SqlInvitationBatches,
    SqlPatientIdentifiers,
    SqlPatientInvitations,
)
from adapters.sql.patient_records import SqlPatientRecordRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.redemption import SqlFailedClaims, SqlRedemptionRepository
from adapters.sql.revocation import SqlInvitationRevocations
from adapters.sql.tables import audit_event, invitation, metadata, organisation
from domain.audit import Outcome
from domain.invitations import InvitationLife, RequestId
from domain.organisations import OrganisationId
from tests.builders import an_invitation
from tests.contracts.invitation_lives import Lived
from tests.integration.databases import Databases
from tests.integration.sql.rows import on_connection, rows


@pytest.fixture(scope="session", autouse=True)
async def _one_event_loop(anyio_backend: str) -> None:
    """Keep one event loop for all tests, as the service has one: it lives as long as this fixture."""


@pytest.fixture(scope="session")
def migrated_url(new_database_url: Databases) -> str:
    """Give the URL of a database that the tests share: a copy for each would take longer than they do."""
    return new_database_url.migrated_url()


@pytest.fixture
async def url(migrated_url: str) -> str:
    """Give the URL of a migrated database without a row."""
    await on_connection(migrated_url, _empty)
    return migrated_url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = connect(make_url(url))
    yield database
    await database.close()


@pytest.fixture
async def unmigrated(database_url: str) -> AsyncIterator[Database]:
    """Give a database that no other test uses, without a table."""
    database = connect(make_url(database_url))
    yield database
    await database.close()


@pytest.fixture
def organisation_repository(database: Database) -> SqlOrganisationRepository:
    return SqlOrganisationRepository(database)


@pytest.fixture
def name_of(url: str, database: Database) -> Callable[[OrganisationId], Awaitable[str]]:
    async def read(organisation_id: OrganisationId) -> str:
        named = select(organisation.c.name).where(organisation.c.id == organisation_id.value)
        [[name]] = await rows(url, named)
        return str(name)

    return read


@pytest.fixture
def grant_repository(database: Database) -> SqlGrants:
    return SqlGrants(database)


@pytest.fixture
def organisation_grants(database: Database) -> SqlGrants:
    return SqlGrants(database)


@pytest.fixture
def redemption_grant_repository(database: Database) -> SqlRedemptionGrants:
    return SqlRedemptionGrants(database)


@pytest.fixture
def redemption_grants(database: Database) -> SqlRedemptionGrants:
    return SqlRedemptionGrants(database)


@pytest.fixture
def patient_report_repository(database: Database) -> SqlPatientReportRepository:
    return SqlPatientReportRepository(database)


@pytest.fixture
def patient_repository(database: Database) -> SqlPatientRepository:
    return SqlPatientRepository(database)


@pytest.fixture
async def patient_repository_without_source(migrated_url: str) -> AsyncIterator[SqlPatientRepository]:
    """Give a repository whose database does not exist."""
    database = connect(make_url(migrated_url).set(database="/no such directory/file.db"))
    yield SqlPatientRepository(database)
    await database.close()


@pytest.fixture
def invitation_repository(database: Database) -> SqlInvitationRepository:
    return SqlInvitationRepository(database)


@pytest.fixture
def lived(url: str) -> Lived:
    async def write(code: str, life: InvitationLife) -> None:
        statement = (
            update(invitation)
            .where(invitation.c.code_digest == an_invitation(code).code_digest)
            .values(**structs.asdict(life))
        )
        await on_connection(url, lambda connection: connection.execute(statement))

    return write


@pytest.fixture
def patient_invitations(database: Database) -> SqlPatientInvitations:
    return SqlPatientInvitations(database)


@pytest.fixture
def invitation_counts(database: Database) -> SqlInvitationCounts:
    return SqlInvitationCounts(database)


@pytest.fixture
def invitation_batches(database: Database) -> SqlInvitationBatches:
    return SqlInvitationBatches(database)


@pytest.fixture
def invitation_revocations(database: Database) -> SqlInvitationRevocations:
    return SqlInvitationRevocations(database)


@pytest.fixture
def patient_identifiers(database: Database) -> SqlPatientIdentifiers:
    return SqlPatientIdentifiers(database)


@pytest.fixture
def redemption_repository(database: Database) -> SqlRedemptionRepository:
    return SqlRedemptionRepository(database)


@pytest.fixture
def failed_claims(database: Database) -> SqlFailedClaims:
    return SqlFailedClaims(database)


@pytest.fixture
def care_repository(database: Database) -> SqlCareRepository:
    return SqlCareRepository(database)


@pytest.fixture
def patient_record_repository(database: Database) -> SqlPatientRecordRepository:
    return SqlPatientRecordRepository(database)


@pytest.fixture
def command_event_repository(database: Database) -> SqlCommandEventRepository:
    return SqlCommandEventRepository(database)


@pytest.fixture
def idempotency_repository(database: Database) -> SqlIdempotencyRepository:
    return SqlIdempotencyRepository(database)


@pytest.fixture
def audit_repository(database: Database) -> SqlAuditRepository:
    return SqlAuditRepository(database)


@pytest.fixture
def recorded(url: str) -> Callable[[], Awaitable[list[tuple[RequestId, str, OrganisationId | None]]]]:
    async def read() -> list[tuple[RequestId, str, OrganisationId | None]]:
        return [
            (
                RequestId(event.request_id),
                Outcome(event.outcome),
                event.organisation_id and OrganisationId(event.organisation_id),
            )
            for event in await rows(url, select(audit_event).order_by(audit_event.c.id))
        ]

    return read


@pytest.fixture
def expired_invitations(database: Database) -> SqlExpiredInvitations:
    return SqlExpiredInvitations(database)


def _empty(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))


@pytest.fixture
def stored(url: str, database: Database) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
    async def read() -> tuple[set[bytes], list[RequestId]]:
        digests = await rows(url, select(invitation.c.code_digest))
        events = await rows(url, select(audit_event.c.request_id).order_by(audit_event.c.id))
        return {digest for [digest] in digests}, [RequestId(request_id) for [request_id] in events]

    return read
