"""The revision of the schema that this release wants, as the source has it."""

from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.schema import Schema

NEWEST = str(Schema(connect(make_url("sqlite+aiosqlite:///never-opened.db"))).wanted)
