"""The revision of a database's schema, and the way to the newest."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from adapters.sql.database import Database
from adapters.sql.outages import StorageUnavailable
from application.ports.readiness_check import ReadinessCheck

_MIGRATION_LOCK = 0x1A71_7A71_0000_0001
"""A number that no other use of advisory locks in the same database is likely to have."""


class RevisionUnknownError(Exception):
    """The database is at a revision of another, probably newer, release; nothing was changed."""


class Schema(ReadinessCheck):
    """The schema of a database. All methods raise StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        """Take the database; read the revisions that this release knows."""
        self._database = database
        self._config = Config()
        self._config.set_main_option("script_location", "adapters.sql:migrations")
        self.wanted = ScriptDirectory.from_config(self._config).get_current_head()

    async def revision(self) -> str | None:
        """Tell the revision that the database is at; None before the first."""
        return await self._database.read(
            lambda connection: connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )
        )

    async def problem(self) -> str | None:
        """Say what is wrong with the schema, or that the database cannot be asked."""
        try:
            revision = await self.revision()
        except StorageUnavailable:
            return "the database cannot be reached"
        if revision == self.wanted:
            return None
        return (
            f"the database is at revision {revision or 'none'} and this release wants {self.wanted}: "
            "run `invitations db upgrade`"
        )

    async def upgrade(self, revision: str = "head") -> None:
        """Apply what is missing up to `revision`, all of it or nothing. Raises RevisionUnknownError."""
        await self._migrate(command.upgrade, revision)

    async def downgrade(self, revision: str) -> None:
        """Take back all that came after `revision`, all of it or nothing."""
        await self._migrate(command.downgrade, revision)

    async def _migrate(self, migrate: Callable[[Config, str], None], revision: str) -> None:
        def on(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                # of several upgrades at once, the others wait for the first (SQLite's have to anyway)
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            self._config.attributes["connection"] = connection
            try:
                migrate(self._config, revision)
            except CommandError:
                raise RevisionUnknownError from None

        await self._database.write(lambda connection: connection.run_sync(on))
