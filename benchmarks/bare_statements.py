"""The statements of the operation, executed by the bare driver in a transaction of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_bytes
from uuid import UUID, uuid4

import asyncpg
from msgspec import json

from benchmarks.access import ORGANISATION
from benchmarks.floor import READ, WRITE
from benchmarks.laps import Laps
from domain.identifiers import RequestedIdentifier

_DIGEST_BYTES = 32


async def time_statements(
    connection: asyncpg.Connection, identifiers: Sequence[RequestedIdentifier], laps: Laps
) -> None:
    """Read patients and write invitations as the floor does."""
    systems, values = [each.system for each in identifiers], [each.value for each in identifiers]
    organisation = UUID(ORGANISATION)
    with laps.lap("bare read"):
        found = await connection.fetch(READ, organisation, systems, values)
    patients = [row[1] for row in found]
    digests = [[token_bytes(_DIGEST_BYTES) for _patient in patients] for _which in ("code", "token")]
    audited = json.encode({"issued": patients}).decode()
    now = datetime.now(UTC)
    transaction = connection.transaction()
    await transaction.start()
    with laps.lap("bare write"):
        await connection.execute(
            WRITE, patients, *digests, organisation, uuid4(), "bare", now, now, "bare", 1, 1, audited
        )
    with laps.lap("commit"):
        await transaction.commit()
