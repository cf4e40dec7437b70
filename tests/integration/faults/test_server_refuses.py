"""PostgreSQL refuses for a while: callers are asked to retry, and nothing is stored."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url

from adapters.sql.postgresql import POOL_SIZE
from entrypoints.worker import STATEMENT_SECONDS
from tests.integration.faults.support.backends import Backends, locked, watching
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import Callers, callers_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service, running_service

ROLE = "service"
CONNECTIONS = 3

UNDONE = {"40001": "serialization_failure", "40P01": "deadlock_detected"}
UNKNOWN = {
    "40003": "statement_completion_unknown",
    "53100": "disk_full",
    "53200": "out_of_memory",
    "57014": "query_canceled",
    "58030": "io_error",
}
"""Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


@pytest.fixture(scope="module")
def url(postgresql_environment: Mapping[str, str]) -> str:
    return postgresql_environment["INVITATIONS_DATABASE_URL"]


@pytest.fixture(scope="module")
async def role(url: str) -> str:
    """Give a role that may do no more than a service has to."""
    async with watching(url) as connection:
        await connection.execute(
            f"CREATE ROLE {ROLE} LOGIN PASSWORD 'x' IN ROLE pg_read_all_data, pg_write_all_data"
        )
    return ROLE


@pytest.fixture(scope="module")
def service(
    postgresql_environment: Mapping[str, str],
    url: str,
    role: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    own = make_url(url).set(username=role, password="x")
    settings = {
        **postgresql_environment,
        "INVITATIONS_DATABASE_URL": own.render_as_string(hide_password=False),
    }
    with running_service(settings, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture
async def callers(service: Service, issuer: Issuer) -> AsyncIterator[Callers]:
    async with callers_of(service, issuer) as callers:
        yield callers


@pytest.fixture
def records(postgresql_environment: Mapping[str, str]) -> InvitationRecords:
    return InvitationRecords(postgresql_environment)


@asynccontextmanager
async def with_role(url: str, change: str, back: str) -> AsyncIterator[None]:
    """Change the service's role and make it connect anew; take that back when the block ends."""
    async with watching(url) as connection:
        await connection.execute(f"ALTER ROLE {ROLE} {change}")
        await connection.terminate()
        try:
            yield
        finally:
            await connection.execute(f"ALTER ROLE {ROLE} {back}")
            await connection.terminate()


@asynccontextmanager
async def failing(url: str, code: str) -> AsyncIterator[Backends]:
    """Let PostgreSQL report an error whenever a request is recorded; a sequence counts how often."""
    async with watching(url) as connection:
        await connection.execute(
            "CREATE SEQUENCE tries;"
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('tries');"
            f"RAISE EXCEPTION 'out of order' USING ERRCODE = '{code}'; END $$;"
            f"ALTER FUNCTION fail() SECURITY DEFINER;"
            "CREATE TRIGGER fail BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        try:
            yield connection
        finally:
            await connection.execute("DROP FUNCTION fail CASCADE; DROP SEQUENCE tries")


@pytest.mark.parametrize("code", UNDONE | UNKNOWN, ids=(UNDONE | UNKNOWN).get)
async def test_callers_are_asked_to_retry_while_the_server_has_internal_errors(
    code: str, url: str, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()

    async with failing(url, code):
        refused = await callers.call()

    assert refused.refusal == UNAVAILABLE
    assert await records.requests() == before
    assert (await callers.call()).status == 200


@pytest.mark.parametrize(
    ("code", "tries"),
    [*((code, 3) for code in UNDONE), *((code, 1) for code in UNKNOWN)],
    ids=[*UNDONE.values(), *UNKNOWN.values()],
)
async def test_only_a_transaction_that_was_rolled_back_is_tried_again(
    code: str, tries: int, url: str, callers: Callers
) -> None:
    async with failing(url, code) as connection:
        await callers.call()

        assert await connection.fetch_number("SELECT last_value FROM tries") == tries


async def test_callers_are_asked_to_retry_while_the_server_is_read_only(
    url: str, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()

    async with with_role(url, "SET default_transaction_read_only = on", "RESET ALL"):
        refused = await callers.call()

    assert refused.refusal == UNAVAILABLE
    assert await records.requests() == before
    assert (await callers.call()).status == 200


@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout", "transaction_timeout"])
async def test_callers_are_asked_to_retry_after_timeouts_of_the_server(
    setting: str, url: str, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()

    async with with_role(url, f"SET {setting} = '200ms'", "RESET ALL"), locked(url, "invitation"):
        refused = await callers.call()

    assert refused.refusal == UNAVAILABLE
    assert refused.seconds < STATEMENT_SECONDS
    assert await records.requests() == before
    assert (await callers.call()).status == 200


async def test_callers_are_answered_or_asked_to_retry_while_connections_are_few(
    url: str, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()

    async with with_role(url, f"CONNECTION LIMIT {CONNECTIONS}", "CONNECTION LIMIT -1"):
        calls = await callers.call_at_once(POOL_SIZE)

    assert {call.status for call in calls} == {200, 503}
    assert len(await records.requests()) - len(before) == len(callers.calls.answers)
    assert {call.status for call in await callers.call_at_once(POOL_SIZE)} == {200}
