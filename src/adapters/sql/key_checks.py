"""The check values of the keys: all processes use the same key under one id."""

from collections.abc import Mapping

from sqlalchemy import select

from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.tables import key_check
from application.ports.system import ReadinessCheck

_STORED = select(key_check.c.key_id, key_check.c.check_value)


class SqlKeyChecks(ReadinessCheck):
    """Compares the keys of this process with those that were used before, here or in another process.

    Codes that are issued under two keys of one id could not be told apart, and those of one of the keys could
    not be redeemed. The first process that uses an id stores its check value.
    """

    def __init__(self, database: Database, values: Mapping[str, bytes]) -> None:
        """Compare these check values, by key id."""
        self._database = database
        self._values = values

    async def problem(self) -> str | None:
        """Name the keys that differ. A database that cannot be used is another check's to report."""
        try:
            stored = await self._stored()
            if not self._values.keys() <= stored.keys():
                await self._store()
                stored = await self._stored()
        except StorageUnavailable:
            return None
        different = [key_id for key_id, value in self._values.items() if stored.get(key_id) != value]
        if not different:
            return None
        return (
            f"INVITATIONS_TOKEN_KEYS has another key than before under the id {', '.join(different)}: "
            "restore the key, or give the new one an id of its own (docs/operations/keys.md)"
        )

    async def _stored(self) -> Mapping[str, bytes]:
        rows = await self._database.read(lambda connection: connection.execute(_STORED))
        return {row.key_id: row.check_value for row in rows}

    async def _store(self) -> None:
        statement = self._database.upsert(key_check).on_conflict_do_nothing()
        rows = [{"key_id": key_id, "check_value": value} for key_id, value in self._values.items()]
        await self._database.write(lambda connection: connection.execute(statement, rows))
