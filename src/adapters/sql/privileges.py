"""The rights of the service's role on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text

from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from application.ports.system import ReadinessCheck

NEEDED: Mapping[str, Mapping[str, Sequence[str]]] = {
    "alembic_version": {"SELECT": ()},
    "schema_compatibility": {"SELECT": ()},
    "organisation": {"SELECT": ()},
    "client_grant": {"SELECT": ()},
    "redemption_grant": {"SELECT": ()},
    "patient": {"SELECT": (), "UPDATE": ("registered_at",)},
    "patient_identifier": {"SELECT": ()},
    "patient_hold": {"SELECT": ()},
    "care_relationship": {"SELECT": ()},
    "invitation": {
        "SELECT": (),
        "INSERT": (),
        "UPDATE": (
            *("failed_attempts", "claim_digest", "claimed_at", "claim_expires_at", "claimed_by"),
            *("redeemed_at", "revoked_at", "revoked_reason"),
        ),
    },
    "audit_event": {
        "SELECT": ("request_id", "organisation_id", "client_id", "operation", "outcome", "patients"),
        "INSERT": (),
    },
    "remembered_request": {"SELECT": (), "INSERT": (), "UPDATE": ("revoked_at",), "DELETE": ()},
    "failed_claim": {"SELECT": (), "INSERT": (), "DELETE": ()},
    "patient_change": {"INSERT": ()},
    "key_check": {"SELECT": (), "INSERT": ()},
}
"""What the service does in each table: the rights, and in which columns, if not in all of them."""

_ROWS = ", ".join(
    f"('{table}', '{right}', '{column}')"
    for table, rights in NEEDED.items()
    for right, columns in rights.items()
    for column in columns or ("",)
)

# a table that does not exist is not reported here: the schema is then another one
_MISSING = text(
    "SELECT current_user, name, privilege, column_name "  # noqa: S608 - constants
    f"FROM (VALUES {_ROWS}) AS needed (name, privilege, column_name) "
    "WHERE NOT CASE WHEN column_name <> '' "
    "THEN has_column_privilege(to_regclass(name), column_name, privilege) "
    "WHEN privilege = 'DELETE' THEN has_table_privilege(to_regclass(name), privilege) "
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
        rights = ", ".join(map(_right, missing))
        return (
            f"the role {missing[0].current_user} lacks {rights}: grant it (docs/operations/database.md#roles)"
        )


def _right(row: Row[Any]) -> str:
    columns = f" ({row.column_name})" if row.column_name else ""
    return f"{row.privilege}{columns} on {row.name}"
