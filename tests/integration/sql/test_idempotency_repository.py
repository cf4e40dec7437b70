"""The columns of an idempotency record, and the order of concurrent requests."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import pytest
from returns.result import Failure, Result, Success
from sqlalchemy import NullPool, func, make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.sql.bulk_parameters import json_text
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.errors import StatementTimedOut, StorageUnavailable
from adapters.sql.idempotency import SqlIdempotencyRepository, remembered_request_values
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.tables import audit_event, invitation, remembered_request
from application.ports.invitations import NotStored, RequestInProgress, RequestStored
from application.ports.system import Unavailable
from domain.invitations import Invitation
from tests.builders import (
    CLIENT,
    EXPIRY,
    HOSPITAL,
    NOW,
    a_patient_id,
    a_remembered_request,
    a_report,
    a_request_id,
    a_request_name,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.integration.faults.support.backends import watching
from tests.integration.sql.rows import row_counts, rows
from tests.integration.sql.statements import begun_insert

SIZE = 50
FAR_TOO_LONG = 20
STATEMENT_SECONDS = 0.5


@pytest.fixture(autouse=True)
async def _patients_are_known(
    organisation_repository: SqlOrganisationRepository, patient_report_repository: SqlPatientReportRepository
) -> None:
    await organisation_repository.add(an_organisation())
    await reported(patient_report_repository, *(a_report(an_identifier(n)) for n in range(1, SIZE + 1)))


async def test_an_answer_with_a_reason_of_a_newer_release_can_be_asked_for_again_later(
    database: Database, idempotency_repository: SqlIdempotencyRepository
) -> None:
    values = dict(remembered_request_values(a_remembered_request()))
    stored = json.loads(json_text(values["remembered_request_answer"]))
    stored["decisions"]["omitted"][0]["reason"] = "of-a-newer-release"
    values["remembered_request_answer"] = stored
    await database.write(lambda connection: connection.execute(database.claiming(remembered_request), values))

    with pytest.raises(Unavailable):
        await idempotency_repository.find(a_request_name(), NOW)


def _invitations(request: int) -> list[Invitation]:
    return [
        an_invitation(f"{request:05}{patient:05}", patient=patient, request=request)
        for patient in range(1, SIZE + 1)
    ]


async def _add(database: Database, request: int) -> Result[None, NotStored]:
    return await SqlInvitationRepository(database).add(
        _invitations(request), an_audit_event(request), a_remembered_request(request)
    )


async def test_a_request_is_remembered_without_what_its_caller_wrote(url: str, database: Database) -> None:
    remembered = a_remembered_request(1, attempts={a_patient_id(2): 1})

    await SqlInvitationRepository(database).add([], an_audit_event(1), remembered)

    [stored] = await rows(url, select(remembered_request))
    kept = {**stored._mapping}  # noqa: SLF001 - SQLAlchemy's public name for it
    digest = kept.pop("key_digest")
    assert (len(digest), b"letters" in digest) == (32, False)
    assert kept == {
        "client_id": CLIENT,
        "organisation_id": HOSPITAL.value,
        "fingerprint": remembered.request.fingerprint.digest,
        "key_id": "test",
        "request_id": a_request_id(1),
        "issued_at": NOW,
        "expires_at": EXPIRY,
        "answer": {
            "decisions": {
                "invited": [
                    {"position": 0, "patient_id": str(a_patient_id(1))},
                    {"position": 1, "patient_id": str(a_patient_id(2))},
                ],
                "omitted": [
                    {"position": 2, "reason": "deceased", "patient_id": str(a_patient_id(999))},
                    {"position": 3, "reason": "not-found", "patient_id": None},
                ],
            },
            "attempts": {str(a_patient_id(2)): 1},
        },
    }


async def test_a_request_is_stored_whole_and_remembered_though_its_caller_went_away(
    url: str, database: Database
) -> None:
    async with asyncio.timeout(FAR_TOO_LONG):
        with begun_insert() as begun:
            caller = asyncio.ensure_future(_add(database, 1))
            await begun.wait()
            caller.cancel()
            await asyncio.wait([caller])
        await database.close()
        again = await _add(database, 2)

    assert again == Failure(RequestStored())
    found = await SqlIdempotencyRepository(database).find(a_request_name(), since=NOW)
    assert found == a_remembered_request(1)
    assert await rows(url, select(func.count()).select_from(invitation)) == [(SIZE,)]
    assert await rows(url, select(func.count()).select_from(audit_event)) == [(1,)]


async def test_two_processes_that_store_the_same_request_store_it_once(url: str) -> None:
    databases = [connect(make_url(url)) for _ in range(2)]

    async with asyncio.timeout(FAR_TOO_LONG):
        added = await asyncio.gather(*(_add(databases[number % 2], number) for number in range(1, 21)))

    await asyncio.gather(*(database.close() for database in databases))
    assert added.count(Success(None)) == 1
    assert {each.failure() for each in added if each != Success(None)} == {RequestStored()}
    assert await rows(url, select(func.count()).select_from(invitation)) == [(SIZE,)]


@pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")
class TestOnPostgresql:
    """There the first to come holds the name until it commits; on SQLite all writers queue."""

    @pytest.fixture
    async def impatient(self, url: str) -> AsyncIterator[Database]:
        """Give the database to those who do not wait long for a statement."""
        database = connect(make_url(url), STATEMENT_SECONDS)
        yield database
        await database.close()

    @pytest.fixture
    async def slow_invitations(self, url: str) -> AsyncIterator[None]:
        """Let an invitation take longer to store than a statement may take."""
        async with watching(url) as connection:
            await connection.execute(
                "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN PERFORM pg_sleep({FAR_TOO_LONG}); RETURN NEW; END $$;"
                "CREATE TRIGGER wait BEFORE INSERT ON invitation FOR EACH STATEMENT EXECUTE FUNCTION wait()"
            )
            yield
            await connection.execute("DROP FUNCTION wait CASCADE")

    async def test_a_request_that_waits_for_another_in_vain_fails_and_stores_nothing(
        self, url: str, impatient: Database
    ) -> None:
        async with _another_in_progress(url):
            added = await _add(impatient, 1)

            counts = await row_counts(url)
        assert added == Failure(RequestInProgress())
        assert {"invitation", "audit_event", "remembered_request"}.isdisjoint(counts)

    async def test_a_request_that_waits_for_another_learns_that_it_is_stored(
        self, url: str, database: Database
    ) -> None:
        async with _another_in_progress(url) as other:
            waiting = await _waiting(url, _add(database, 1))
            await other.commit()
            added = await waiting

        assert added == Failure(RequestStored())
        assert await rows(url, select(func.count()).select_from(invitation)) == [(0,)]

    async def test_a_request_that_waits_for_another_that_rolls_back_is_stored(
        self, url: str, database: Database
    ) -> None:
        async with _another_in_progress(url) as other:
            waiting = await _waiting(url, _add(database, 1))
            await other.rollback()
            added = await waiting

        assert added == Success(None)
        assert await rows(url, select(func.count()).select_from(invitation)) == [(SIZE,)]

    async def test_requests_of_other_names_do_not_wait(self, url: str, impatient: Database) -> None:
        async with _another_in_progress(url):
            named = a_remembered_request(1, name=a_request_name("another"))
            added = await SqlInvitationRepository(impatient).add(_invitations(1), an_audit_event(1), named)

        assert added == Success(None)

    async def test_a_request_with_a_name_that_waits_for_anything_else_is_an_outage(
        self, url: str, impatient: Database
    ) -> None:
        async with _another_in_progress(url) as other:
            await other.rollback()
            await other.run_sync(lambda sync: sync.exec_driver_sql("LOCK TABLE invitation"))
            with pytest.raises(StorageUnavailable):
                await _add(impatient, 1)

    async def test_a_request_whose_statement_is_slow_is_an_outage_and_not_in_progress(
        self, slow_invitations: None, impatient: Database
    ) -> None:
        with pytest.raises(StatementTimedOut):
            await _add(impatient, 1)

    async def test_a_request_without_a_name_that_waits_in_vain_is_an_outage(
        self, url: str, impatient: Database
    ) -> None:
        async with _another_in_progress(url) as other:
            await other.run_sync(lambda sync: sync.exec_driver_sql("LOCK TABLE invitation"))
            with pytest.raises(StatementTimedOut):
                await SqlInvitationRepository(impatient).add(_invitations(1), an_audit_event(1))


@asynccontextmanager
async def _another_in_progress(url: str) -> AsyncIterator[AsyncConnection]:
    """Hold the name in a transaction that is neither committed nor rolled back."""
    engine = create_async_engine(url, poolclass=NullPool, json_serializer=json_text)
    async with engine.connect() as connection:
        first = connect(make_url(url)).claiming(remembered_request)
        await connection.execute(first, remembered_request_values(a_remembered_request(9)))
        yield connection


async def _waiting(
    url: str, work: Coroutine[None, None, Result[None, NotStored]]
) -> asyncio.Task[Result[None, NotStored]]:
    """Begin to store, until it has to wait."""
    task = asyncio.create_task(work)
    async with watching(url) as backends:
        await backends.wait_for_locks(1)
    return task
