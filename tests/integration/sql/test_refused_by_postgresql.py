"""What PostgreSQL refuses is an outage, which says for operators what is wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.privileges import NEEDED, ServicePrivileges
from adapters.sql.schema import Schema
from application.ports.system import ReadinessCheck
from tests.contracts.readiness_check_contract import ReadinessCheckContract
from tests.integration.databases import Databases
from tests.integration.http.test_service_role import GRANTS
from tests.integration.service import free_port
from tests.integration.sql.rows import rows
from tests.integration.sql.test_outages import CALLS

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

ROLE = "refused"


@pytest.fixture
async def url_of_role(migrated_database_url: str) -> AsyncIterator[str]:
    """Give the URL of a role without any right."""
    await rows(migrated_database_url, text(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'x'"))
    url = make_url(migrated_database_url).set(username=ROLE, password="x")
    yield url.render_as_string(hide_password=False)
    await rows(migrated_database_url, text(f"DROP OWNED BY {ROLE}"))
    await rows(migrated_database_url, text(f"DROP ROLE {ROLE}"))


@pytest.fixture
async def as_role(url_of_role: str) -> AsyncIterator[Database]:
    database = connect(make_url(url_of_role))
    yield database
    await database.close()


@pytest.mark.parametrize("call", CALLS)
async def test_a_right_that_is_missing_is_an_outage_that_names_the_table_and_the_role(
    as_role: Database, call: str
) -> None:
    with pytest.raises(StorageUnavailable, match=f"permission denied for .*; grant it to the role {ROLE}"):
        await CALLS[call](as_role)


async def test_a_schema_that_cannot_be_read_is_not_ready(as_role: Database) -> None:
    assert await Schema(as_role).problem() == (
        "the database cannot be used: permission denied for table alembic_version; "
        f"grant it to the role {ROLE} (docs/operations/database.md#roles)"
    )


class TestServicePrivileges(ReadinessCheckContract):
    @pytest.fixture
    async def ready(self, migrated_database_url: str, as_role: Database) -> ReadinessCheck:
        for grant in GRANTS:
            await rows(migrated_database_url, text(grant.replace("TO service", f"TO {ROLE}")))
        return ServicePrivileges(as_role)

    @pytest.fixture
    def unready(self, as_role: Database) -> ReadinessCheck:
        return ServicePrivileges(as_role)


@pytest.mark.parametrize(
    ("right", "table"),
    [
        (f"{right} ({column})" if column else right, table)
        for table, rights in NEEDED.items()
        for right, columns in rights.items()
        for column in columns or [""]
    ],
)
async def test_a_service_that_lacks_one_right_is_not_ready_and_says_which(
    migrated_database_url: str, as_role: Database, right: str, table: str
) -> None:
    for grant in GRANTS:
        await rows(migrated_database_url, text(grant.replace("TO service", f"TO {ROLE}")))
    await rows(migrated_database_url, text(f"REVOKE {right} ON {table} FROM {ROLE}"))

    problem = await ServicePrivileges(as_role).problem()

    assert problem == (
        f"the role {ROLE} lacks {right} on {table}: grant it (docs/operations/database.md#roles)"
    )


async def test_a_right_on_some_columns_counts(migrated_database_url: str, as_role: Database) -> None:
    for grant in GRANTS:
        await rows(migrated_database_url, text(grant.replace("TO service", f"TO {ROLE}")))
    await rows(migrated_database_url, text(f"REVOKE SELECT ON patient FROM {ROLE}"))
    await rows(migrated_database_url, text(f"GRANT SELECT (id, deceased) ON patient TO {ROLE}"))

    assert await ServicePrivileges(as_role).problem() is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(
            lambda url: url.set(database="no_such_database"),
            'the database cannot be used: database "no_such_database" does not exist',
            id="database",
        ),
        pytest.param(
            lambda url: url.set(username="nobody_at_all"),
            'the database cannot be used: password authentication failed for user "nobody_at_all"',
            id="role",
        ),
        pytest.param(
            lambda url: url.set(host="no-such-host.invalid"),
            "the database cannot be reached: the name of its host is not known",
            id="host",
        ),
        pytest.param(
            lambda url: url.set(port=free_port()),
            "the database cannot be reached: its host refuses the connection",
            id="port",
        ),
    ],
)
async def test_a_database_that_cannot_be_used_says_why(
    migrated_database_url: str, change: Callable[[URL], URL], problem: str
) -> None:
    database = connect(change(make_url(migrated_database_url)))

    assert await Schema(database).problem() == problem
    await _fails_like(lambda: CALLS["add-invitations"](database), problem)
    await _fails_like(lambda: CALLS["find-patients"](database), problem)
    await database.close()


async def _fails_like(call: Callable[[], Awaitable[object]], problem: str) -> None:
    with pytest.raises(StorageUnavailable) as raised:
        await call()
    assert raised.value.problem == problem


async def test_the_checks_leave_an_unreachable_database_to_that_of_the_schema(
    new_database_url: Databases,
) -> None:
    database = connect(make_url(new_database_url()).set(port=free_port()))

    assert await ServicePrivileges(database).problem() is None
    await database.close()


async def test_a_new_database_whose_encoding_lacks_letters_is_not_upgraded(
    migrated_database_url: str,
) -> None:
    server = create_async_engine(migrated_database_url, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(
            text("CREATE DATABASE western ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        )
    database = connect(make_url(migrated_database_url).set(database="western"))

    with pytest.raises(StorageUnavailable, match="its encoding is LATIN1"):
        await Schema(database).upgrade()

    await database.close()
    async with server.connect() as connection:
        await connection.execute(text("DROP DATABASE western"))
    await server.dispose()
