"""The schema as a process finds it: its revision, and whether this release runs on it."""

import re
from importlib.resources import files

from sqlalchemy import Connection, column, inspect, select, table

from adapters.sql import migrations
from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.tables import schema_compatibility
from application.ports.system import ReadinessCheck

_REVISION = re.compile(r"(\d{4})_\w+\.py")
"""A module of a revision. Its id is the number, and each revision follows the one before."""

_ALEMBIC_VERSION = table("alembic_version", column("version_num"))


class ServedSchema(ReadinessCheck):
    """The schema of a database. All methods raise StorageUnavailable.

    A release runs on the revision that it wants, and on later revisions that serve it: a revision's
    `oldest_served` is the oldest revision whose release runs on it too; without one, it serves its own
    release only. An upgrade stores that revision in the database, for releases that do not know the new one.
    """

    def __init__(self, database: Database) -> None:
        """Read the revisions that this release knows, without Alembic, which takes a while to load."""
        self._database = database
        names = (file.name for file in (files(migrations) / "versions").iterdir())
        self._known = {match[1] for match in map(_REVISION.fullmatch, names) if match}
        self.wanted = max(self._known)

    async def revision(self) -> str | None:
        """Return the revision of the database; None before the first."""
        return await self._database.read(lambda connection: connection.run_sync(revision_of))

    async def problem(self) -> str | None:
        """Say why this release does not run on the schema, or why the database cannot be used."""
        try:
            revision = await self.revision()
            is_newer = revision is not None and revision not in self._known
            oldest = await self._oldest_served() if is_newer else None
        except StorageUnavailable as error:
            return error.problem
        if revision == self.wanted or oldest in self._known:
            return None
        if is_newer:
            return (
                f"the database is at revision {revision}, which serves releases from revision {oldest} on, "
                f"and this release is of {self.wanted}: run a newer release"
            )
        return (
            f"the database is at revision {revision or 'none'} and this release wants {self.wanted}: "
            "run `invitations db upgrade`"
        )

    async def _oldest_served(self) -> str | None:
        statement = select(schema_compatibility.c.oldest_served)
        return await self._database.read(lambda connection: connection.scalar(statement))


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None before the first. Raises StorageUnavailable."""
    if not inspect(connection).has_table(_ALEMBIC_VERSION.name):
        return None
    revisions = connection.scalars(select(_ALEMBIC_VERSION.c.version_num)).all()
    if len(revisions) > 1:
        raise StorageUnavailable("its table alembic_version has several rows. Restore it from a backup.")
    return next(iter(revisions), None)
