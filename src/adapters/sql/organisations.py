"""Stores organisations and grants in their tables."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, select

from adapters.sql.database import Database
from adapters.sql.tables import client_grant, redemption_grant
from adapters.sql.tables import organisation as organisation_table
from application.ports.access import (
    GrantRepository,
    OrganisationGrants,
    OrganisationRepository,
    RedemptionGrantRepository,
    RedemptionGrants,
)
from domain.access import Grant, RedemptionGrant
from domain.organisations import Organisation, OrganisationId


class SqlOrganisationRepository(OrganisationRepository):
    """Stores the organisations in a database."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def add(self, organisation: Organisation) -> bool:
        """Add the organisation; return whether it is new."""
        statement = self._database.upsert(organisation_table).on_conflict_do_nothing()
        row = {"id": organisation.id.value, "name": organisation.name}
        added = await self._database.write(lambda connection: connection.execute(statement, row))
        return added.rowcount > 0

    async def contains(self, organisation_id: OrganisationId) -> bool:
        """Return whether the organisation exists."""
        statement = select(exists().where(organisation_table.c.id == organisation_id.value))
        return bool(await self._database.read(lambda connection: connection.scalar(statement)))


_IS_THIS = (client_grant.c.client_id == bindparam("client")) & (
    client_grant.c.organisation_id == bindparam("organisation")
)
_INCLUDES = select(exists().where(_IS_THIS))
_REMOVE = delete(client_grant).where(_IS_THIS)
_ALL = select(client_grant.c.client_id, client_grant.c.organisation_id).order_by(
    client_grant.c.client_id, client_grant.c.organisation_id
)


class SqlGrants(OrganisationGrants, GrantRepository):
    """Stores the grants in a database, and looks them up."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def includes(self, grant: Grant) -> bool:
        """Return whether the grant exists."""
        stands = await self._database.read(lambda connection: connection.scalar(_INCLUDES, _this(grant)))
        return bool(stands)

    async def add(self, grant: Grant) -> None:
        """Add the grant for an organisation that exists, unless the grant already exists."""
        statement = self._database.upsert(client_grant).on_conflict_do_nothing()
        row = {"client_id": grant.client_id, "organisation_id": grant.organisation_id.value}
        await self._database.write(lambda connection: connection.execute(statement, row))

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; return whether it existed."""
        removed = await self._database.write(lambda connection: connection.execute(_REMOVE, _this(grant)))
        return removed.rowcount > 0

    async def all(self) -> Sequence[Grant]:
        """List the grants, ordered by client and organisation."""
        rows = await self._database.read(lambda connection: connection.execute(_ALL))
        return [Grant(client_id, OrganisationId(organisation_id)) for client_id, organisation_id in rows]


def _this(grant: Grant) -> dict[str, object]:
    return {"client": grant.client_id, "organisation": grant.organisation_id.value}


_IS_THIS_PORTAL = redemption_grant.c.client_id == bindparam("client")
_INCLUDES_PORTAL = select(exists().where(_IS_THIS_PORTAL))
_REMOVE_PORTAL = delete(redemption_grant).where(_IS_THIS_PORTAL)
_ALL_PORTALS = select(redemption_grant.c.client_id).order_by(redemption_grant.c.client_id)


class SqlRedemptionGrants(RedemptionGrants, RedemptionGrantRepository):
    """Stores the grants of portals in a database, and looks them up."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def includes(self, grant: RedemptionGrant) -> bool:
        """Return whether the grant exists."""
        portal = {"client": grant.client_id}
        stands = await self._database.read(lambda connection: connection.scalar(_INCLUDES_PORTAL, portal))
        return bool(stands)

    async def add(self, grant: RedemptionGrant) -> None:
        """Add the grant, unless it already exists."""
        statement = self._database.upsert(redemption_grant).on_conflict_do_nothing()
        row = {"client_id": grant.client_id}
        await self._database.write(lambda connection: connection.execute(statement, row))

    async def remove(self, grant: RedemptionGrant) -> bool:
        """Remove the grant; return whether it existed."""
        portal = {"client": grant.client_id}
        removed = await self._database.write(lambda connection: connection.execute(_REMOVE_PORTAL, portal))
        return removed.rowcount > 0

    async def all(self) -> Sequence[RedemptionGrant]:
        """List the grants, ordered by client."""
        clients = await self._database.read(lambda connection: connection.scalars(_ALL_PORTALS))
        return [RedemptionGrant(client_id) for client_id in clients]
