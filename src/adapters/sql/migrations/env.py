"""Run by Alembic: applies the revisions on the connection that `schema` hands over."""

from alembic import context
from sqlalchemy import Connection

from adapters.sql.tables import metadata

connection: Connection = context.config.attributes["connection"]
# SQLite's own DDL is transactional too; Alembic assumes otherwise
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
