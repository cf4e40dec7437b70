"""The floor on SQLite: the same work with the standard library's driver, and nothing else."""

import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from msgspec import json

from benchmarks.access import ORGANISATION
from benchmarks.floor_messages import Asked, Identifier, Request, decode_request, encode_answer
from benchmarks.floor_secrets import FloorSecrets
from benchmarks.subject import Send, Subject
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import CLIENT_ID

_READ = """
SELECT named.key, patient.id, patient.date_of_birth, patient.deceased,
       patient.registered_at IS NOT NULL, care_relationship.patient_id IS NOT NULL
FROM json_each(?2) AS named
JOIN patient_identifier ON system = named.value ->> 0 AND patient_identifier.value = named.value ->> 1
JOIN patient ON patient.id = patient_identifier.patient_id
LEFT JOIN care_relationship
  ON care_relationship.organisation_id = ?1 AND care_relationship.patient_id = patient.id
"""
_INVITE = """
INSERT INTO invitation (patient_id, code_digest, token_digest,
                        organisation_id, request_id, key_id, issued_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_AUDIT = """
INSERT INTO audit_event
  (request_id, recorded_at, operation, outcome, client_id, organisation_id, asked, issued, omitted, patients)
VALUES (?, ?, 'generate-invitation-tokens', 'carried-out', ?, ?, ?, ?, '{}', ?)
"""
_ORGANISATION = UUID(ORGANISATION).hex
_LIFETIME = timedelta(days=30)
_LATEST_BIRTH = "2010-01-01"


class SqliteFloor(Subject):
    """Reads, decides, draws, writes and encodes with as little Python as possible."""

    name = "floor, SQLite"

    def __init__(self, file: Path) -> None:
        """Open nothing yet."""
        self._file = file
        self._secrets = FloorSecrets()

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> bytes:
        """Write the body of a request."""
        return json.encode(
            Request([Asked("patientIdentifier", Identifier(each.system, each.value)) for each in identifiers])
        )

    @asynccontextmanager
    async def connect(self, clients: int) -> AsyncIterator[Sequence[Send]]:
        """Open a connection for each client, as durable as the service's."""
        if clients != 1:
            raise ValueError("the driver blocks, so there can be one client only")
        with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            yield [self._send_by(connection)]

    def cpu_seconds(self) -> float:
        """Give the processor time of this process."""
        return time.process_time()

    def _send_by(self, connection: sqlite3.Connection) -> Send:
        async def send(body: bytes) -> int:
            asked = [each.value_identifier for each in decode_request(body).parameter]
            named = json.encode([(each.system, each.value) for each in asked]).decode()
            found = connection.execute(_READ, (_ORGANISATION, named)).fetchall()
            invited = [
                (asked[position], patient)
                for position, patient, born, deceased, registered, related in sorted(found)
                if related and not deceased and not registered and born <= _LATEST_BIRTH
            ]
            return self._invite(connection, len(asked), invited)

        return send

    def _invite(
        self, connection: sqlite3.Connection, asked: int, invited: Sequence[tuple[Identifier, str]]
    ) -> int:
        patients = [patient for _identifier, patient in invited]
        request_id, now = uuid4(), datetime.now(UTC)
        expires_at = now + _LIFETIME
        drawn = self._secrets.draw(request_id, [UUID(patient) for patient in patients])
        of_all = (_ORGANISATION, request_id.hex, "floor", str(now), str(expires_at))
        rows = [
            (patient, each.code_digest, each.token_digest, *of_all)
            for patient, each in zip(patients, drawn, strict=True)
        ]
        event = (request_id.hex, str(now), CLIENT_ID, _ORGANISATION, asked, len(patients))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INVITE, rows)
        connection.execute(_AUDIT, (*event, json.encode({"issued": patients}).decode()))
        connection.execute("COMMIT")
        answer = encode_answer(
            [
                (identifier, each.code, each.token)
                for (identifier, _), each in zip(invited, drawn, strict=True)
            ],
            expires_at.isoformat(timespec="milliseconds"),
        )
        return answer.count(b'"patientTokens"')
