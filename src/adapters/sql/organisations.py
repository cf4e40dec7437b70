"""Stores organisations and grants in their tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, select, update

from adapters.sql.database import Database
from adapters.sql.tables import client_grant, redemption_grant
from adapters.sql.tables import organisation as organisation_table
from application.ports.access import (
    GrantRepository,
    OrganisationGrants,
    OrganisationRepository,
    OrganisationStates,
    RedemptionGrantRepository,
    RedemptionGrants,
)
from domain.access import Grant, GrantTerms, RedemptionGrant
from domain.organisations import Organisation, OrganisationId


class SqlOrganisationRepository(OrganisationRepository, OrganisationStates):
    """Stores the organisations in a database, and whether they are disabled."""

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

    async def disable(self, organisation_id: OrganisationId, disabled_at: datetime) -> bool:
        """Disable an organisation, unless it is already; return whether it exists."""
        was = organisation_table.c.disabled_at
        return await self._set_disabled(organisation_id, func.coalesce(was, disabled_at, type_=was.type))

    async def enable(self, organisation_id: OrganisationId) -> bool:
        """Enable an organisation; return whether it exists."""
        return await self._set_disabled(organisation_id, None)

    async def _set_disabled(self, organisation_id: OrganisationId, value: ColumnElement[Any] | None) -> bool:
        is_this = organisation_table.c.id == organisation_id.value
        statement = update(organisation_table).where(is_this).values(disabled_at=value)
        changed = await self._database.write(lambda connection: connection.execute(statement))
        return changed.rowcount > 0

    async def all(self) -> Sequence[Organisation]:
        """List the organisations, ordered by name and id."""
        table = organisation_table.c
        statement = select(table.id, table.name, table.disabled_at).order_by(table.name, table.id)
        rows = await self._database.read(lambda connection: connection.execute(statement))
        return [Organisation(OrganisationId(id_), name, disabled_at) for id_, name, disabled_at in rows]


_IS_THIS = (client_grant.c.client_id == bindparam("client")) & (
    client_grant.c.organisation_id == bindparam("organisation")
)
_TERMS = (
    select(client_grant.c.lifetime_days)
    .join(organisation_table, organisation_table.c.id == client_grant.c.organisation_id)
    .where(_IS_THIS, organisation_table.c.disabled_at.is_(None))
)
_REMOVE = delete(client_grant).where(_IS_THIS)
_ALL = select(
    client_grant.c.client_id, client_grant.c.organisation_id, client_grant.c.lifetime_days
).order_by(client_grant.c.client_id, client_grant.c.organisation_id)


class SqlGrants(OrganisationGrants, GrantRepository):
    """Stores the grants in a database, and looks them up."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def terms(self, grant: Grant) -> GrantTerms | None:
        """Return the terms of the grant, if it exists and its organisation is not disabled."""
        result = await self._database.read(lambda connection: connection.execute(_TERMS, _this(grant)))
        row = result.one_or_none()
        return None if row is None else GrantTerms(row.lifetime_days)

    async def add(self, grant: Grant, terms: GrantTerms | None = None) -> None:
        """Add the grant for an organisation that exists, or change its terms."""
        insert = self._database.upsert(client_grant)
        row: dict[str, object] = {
            "client_id": grant.client_id,
            "organisation_id": grant.organisation_id.value,
        }
        if terms is None:
            statement = insert.on_conflict_do_nothing()
        else:
            row["lifetime_days"] = terms.lifetime_days
            key = [client_grant.c.client_id, client_grant.c.organisation_id]
            statement = insert.on_conflict_do_update(
                index_elements=key, set_={"lifetime_days": terms.lifetime_days}
            )
        await self._database.write(lambda connection: connection.execute(statement, row))

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; return whether it existed."""
        removed = await self._database.write(lambda connection: connection.execute(_REMOVE, _this(grant)))
        return removed.rowcount > 0

    async def all(self) -> Mapping[Grant, GrantTerms]:
        """List the grants, ordered by client and organisation."""
        rows = await self._database.read(lambda connection: connection.execute(_ALL))
        return {
            Grant(client_id, OrganisationId(organisation_id)): GrantTerms(lifetime_days)
            for client_id, organisation_id, lifetime_days in rows
        }


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
