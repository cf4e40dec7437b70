"""The organisations, in a table."""

from sqlalchemy import exists, select

from adapters.sql.database import Database
from adapters.sql.tables import organisation as organisation_table
from application.ports.organisation_register import OrganisationRegister
from domain.organisation import Organisation, OrganisationId


class SqlOrganisationRegister(OrganisationRegister):
    """Keeps the organisations in a database."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the table."""
        self._database = database

    async def add(self, organisation: Organisation) -> bool:
        """Add the organisation; tell whether it is new."""
        statement = self._database.upsert(organisation_table).on_conflict_do_nothing()
        row = {"id": organisation.id.value, "name": organisation.name}
        added = await self._database.write(lambda connection: connection.execute(statement, row))
        return added.rowcount > 0

    async def contains(self, organisation_id: OrganisationId) -> bool:
        """Tell whether the organisation is there."""
        statement = select(exists().where(organisation_table.c.id == organisation_id.value))
        return bool(await self._database.read(lambda connection: connection.scalar(statement)))
