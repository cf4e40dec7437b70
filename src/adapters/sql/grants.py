"""The grants, in a table."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, select

from adapters.sql.database import Database
from adapters.sql.tables import client_grant
from application.ports.grant_register import GrantRegister
from application.ports.organisation_grants import OrganisationGrants
from domain.caller import Grant
from domain.organisation import OrganisationId

_IS_THIS = (client_grant.c.client_id == bindparam("client")) & (
    client_grant.c.organisation_id == bindparam("organisation")
)
_INCLUDES = select(exists().where(_IS_THIS))
_REMOVE = delete(client_grant).where(_IS_THIS)
_ALL = select(client_grant.c.client_id, client_grant.c.organisation_id).order_by(
    client_grant.c.client_id, client_grant.c.organisation_id
)


class SqlGrants(OrganisationGrants, GrantRegister):
    """Keeps the grants in a database, and looks them up there."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the table."""
        self._database = database

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands."""
        stands = await self._database.read(lambda connection: connection.scalar(_INCLUDES, _this(grant)))
        return bool(stands)

    async def add(self, grant: Grant) -> None:
        """Add the grant for an organisation that is there, unless it stands already."""
        statement = self._database.upsert(client_grant).on_conflict_do_nothing()
        row = {"client_id": grant.client_id, "organisation_id": grant.organisation_id.value}
        await self._database.write(lambda connection: connection.execute(statement, row))

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; tell whether it was there."""
        removed = await self._database.write(lambda connection: connection.execute(_REMOVE, _this(grant)))
        return removed.rowcount > 0

    async def all(self) -> Sequence[Grant]:
        """List the grants, ordered by client and organisation."""
        rows = await self._database.read(lambda connection: connection.execute(_ALL))
        return [Grant(client_id, OrganisationId(organisation_id)) for client_id, organisation_id in rows]


def _this(grant: Grant) -> dict[str, object]:
    return {"client": grant.client_id, "organisation": grant.organisation_id.value}
