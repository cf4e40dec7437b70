"""The rights of the service's role on PostgreSQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text

from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from application.ports.system import ReadinessCheck

NEEDED: Mapping[str, Sequence[str]] = {
    "alembic_version": ["SELECT"],
    "schema_compatibility": ["SELECT"],
    "organisation": ["SELECT"],
    "client_grant": ["SELECT"],
    "redemption_grant": ["SELECT"],
    "patient": ["SELECT", "UPDATE"],
    "patient_identifier": ["SELECT"],
    "patient_hold": ["SELECT"],
    "care_relationship": ["SELECT"],
    "invitation": ["SELECT", "INSERT", "UPDATE"],
    "audit_event": ["SELECT", "INSERT"],
    "remembered_request": ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "failed_claim": ["SELECT", "INSERT", "DELETE"],
    "patient_change": ["INSERT"],
    "key_check": ["SELECT", "INSERT"],
}
"""What the service does in each table. A right on some of the columns counts."""

_ROWS = ", ".join(f"('{table}', '{right}')" for table, rights in NEEDED.items() for right in rights)

# a table that does not exist is not reported here: the schema is then another one
_MISSING = text(
    f"SELECT current_user, name, privilege FROM (VALUES {_ROWS}) AS needed (name, privilege) "  # noqa: S608 - constants
    "WHERE NOT CASE privilege WHEN 'DELETE' THEN has_table_privilege(to_regclass(name), privilege) "
    "ELSE has_any_column_privilege(to_regclass(name), privilege) END"
)


class ServicePrivileges(ReadinessCheck):
    """Checks that the role of the service has all rights that its calls need."""

    def __init__(self, database: Database) -> None:
        """Ask about the role that the database's URL names."""
        self._database = database

    async def problem(self) -> str | None:
        """Name the missing rights. A database that cannot be used is another check's to report."""
        if self._database.is_sqlite:
            return None
        try:
            result = await self._database.read(lambda connection: connection.execute(_MISSING))
        except StorageUnavailable:
            return None
        missing = result.all()
        if not missing:
            return None
        rights = ", ".join(f"{row.privilege} on {row.name}" for row in missing)
        return (
            f"the role {missing[0].current_user} lacks {rights}: grant it (docs/operations/database.md#roles)"
        )
