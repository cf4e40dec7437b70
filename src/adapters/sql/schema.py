"""The upgrade of a schema, and the releases that the upgraded one serves."""

from collections.abc import Callable, Sequence

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, inspect, select, text

from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.served_schema import ServedSchema, revision_of
from adapters.sql.tables import schema_compatibility


class AppliedRevision(Struct, frozen=True):
    """A revision of the schema, and the oldest revision whose release runs on it, if it declares one."""

    revision: str
    oldest_served: str | None


def oldest_served(applied: Sequence[AppliedRevision]) -> str:
    """Return the oldest revision whose release runs on a schema with these revisions, in this order.

    A release that a revision does not serve is not served by later ones either. A revision that declares
    nothing serves its own release only.
    """
    order = [each.revision for each in applied]
    return max((each.oldest_served or each.revision for each in applied), key=order.index)


_MIGRATION_LOCK = 0x1A71_7A71_0000_0001
"""A number that no other use of advisory locks in the same database is likely to have."""

LOCK_SECONDS = 2
"""How long an upgrade waits for a table that is in use; all other statements on the table wait behind it."""

_UPGRADE_SECONDS = 60
"""How long an upgrade of a SQLite file waits for others to end: longer than they take."""


class RevisionUnknownError(Exception):
    """The database is at a revision of another, probably newer, release; nothing was changed."""


class Schema(ServedSchema):
    """The schema of a database, and its upgrade by Alembic. All methods raise StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        """Read the revisions that this release knows."""
        super().__init__(database)
        self._config = Config()
        self._config.set_main_option("script_location", "adapters.sql:migrations")
        self._scripts = ScriptDirectory.from_config(self._config)

    async def upgrade(self, revision: str = "head") -> None:
        """Apply what is missing up to `revision`, all of it or nothing. Raises RevisionUnknownError."""
        await self._migrate(command.upgrade, revision)

    async def downgrade(self, revision: str) -> None:
        """Revert what came after `revision`, all of it or nothing."""
        await self._migrate(command.downgrade, revision)

    async def _migrate(self, migrate: Callable[[Config, str], None], revision: str) -> None:
        def on(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                # of several upgrades at once, the others wait for the first (on SQLite to begin)
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                _refuse_encoding(connection)
            self._config.attributes["connection"] = connection
            try:
                migrate(self._config, revision)
            except CommandError:
                raise RevisionUnknownError from None
            self._store_oldest_served(connection)

        await self._database.write(lambda connection: connection.run_sync(on), _UPGRADE_SECONDS)

    def _store_oldest_served(self, connection: Connection) -> None:
        # a revision from before this table serves its own release only
        if inspect(connection).has_table(schema_compatibility.name):
            revision = revision_of(connection)
            oldest = oldest_served(self._applied(revision or "base"))
            connection.execute(delete(schema_compatibility))
            connection.execute(insert(schema_compatibility).values(oldest_served=oldest))

    def _applied(self, revision: str) -> Sequence[AppliedRevision]:
        newest_first = [*self._scripts.walk_revisions("base", revision)]
        return [
            AppliedRevision(script.revision, getattr(script.module, "oldest_served", None))
            for script in reversed(newest_first)
        ]


_ENCODINGS = ("UTF8", "SQL_ASCII")
"""Those that hold every name: the second one keeps the bytes of UTF-8 as they come."""


def _refuse_encoding(connection: Connection) -> None:
    """Refuse a new database whose encoding lacks letters of names. Raises StorageUnavailable."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding not in _ENCODINGS and revision_of(connection) is None:
        raise StorageUnavailable(
            f"its encoding is {encoding}. Create it with the encoding UTF8 (docs/operations/database.md)."
        )
