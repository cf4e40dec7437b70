"""The floor: the SQL work of the operation with the bare driver on one connection, and nothing else."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from msgspec import json

from benchmarks.access import ORGANISATION
from benchmarks.floor_messages import Asked, Identifier, Request, decode_request, encode_answer
from benchmarks.floor_secrets import FloorSecrets
from benchmarks.subject import Send, Subject
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import CLIENT_ID

READ = """
SELECT named.position, patient.id, patient.date_of_birth, patient.deceased,
       patient.registered_at IS NOT NULL, care_relationship.patient_id IS NOT NULL
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS named (system, value, position)
JOIN patient_identifier USING (system, value)
JOIN patient ON patient.id = patient_identifier.patient_id
LEFT JOIN care_relationship
  ON care_relationship.organisation_id = $1 AND care_relationship.patient_id = patient.id
"""

WRITE = """
WITH audited AS (
  INSERT INTO audit_event
    (request_id, recorded_at, operation, outcome,
     client_id, organisation_id, asked, issued, omitted, patients)
  VALUES ($5, $7, 'generate-invitation-tokens', 'carried-out', $9, $4, $10, $11, '{}', $12)
)
INSERT INTO invitation (patient_id, code_digest, token_digest,
                        organisation_id, request_id, key_id, issued_at, expires_at)
SELECT drawn.*, $4, $5, $6, $7, $8 FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS drawn
"""

_ORGANISATION = UUID(ORGANISATION)
_LIFETIME = timedelta(days=30)
_LATEST_BIRTH = date(2010, 1, 1)


class Floor(Subject):
    """Reads, decides, draws, writes and encodes with as little Python as possible."""

    name = "floor"
    read = READ
    write = WRITE

    def __init__(self, url: str) -> None:
        """Open nothing yet."""
        self._url = url
        self._secrets = FloorSecrets()

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> bytes:
        """Write the body of a request."""
        return json.encode(
            Request([Asked("patientIdentifier", Identifier(each.system, each.value)) for each in identifiers])
        )

    @asynccontextmanager
    async def connect(self, clients: int) -> AsyncIterator[Sequence[Send]]:
        """Open a connection for each client."""
        connections = [await asyncpg.connect(self._url) for _client in range(clients)]
        try:
            yield [self._send_by(connection) for connection in connections]
        finally:
            for connection in connections:
                await connection.close()

    def cpu_seconds(self) -> float:
        """Give the processor time of this process."""
        return time.process_time()

    def _send_by(self, connection: asyncpg.Connection) -> Send:
        async def send(body: bytes) -> int:
            asked = [each.value_identifier for each in decode_request(body).parameter]
            found = await connection.fetch(
                self.read, _ORGANISATION, [each.system for each in asked], [each.value for each in asked]
            )
            invited = [
                (asked[position - 1], patient)
                for position, patient, born, deceased, registered, related in sorted(found)
                if related and not deceased and not registered and born <= _LATEST_BIRTH
            ]
            patients = [patient for _identifier, patient in invited]
            request_id, now = uuid4(), datetime.now(UTC)
            drawn = self._secrets.draw(request_id, patients)
            expires_at = now + _LIFETIME
            await connection.execute(
                self.write,
                patients,
                [each.code_digest for each in drawn],
                [each.token_digest for each in drawn],
                _ORGANISATION,
                request_id,
                "floor",
                now,
                expires_at,
                CLIENT_ID,
                len(asked),
                len(patients),
                json.encode({"issued": patients}).decode(),
            )
            answer = encode_answer(
                [
                    (identifier, each.code, each.token)
                    for (identifier, _patient), each in zip(invited, drawn, strict=True)
                ],
                expires_at.isoformat(timespec="milliseconds"),
            )
            return answer.count(b'"patientTokens"')

        return send
