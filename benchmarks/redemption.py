"""Measures claims against a status query, and whether their time gives anything away, on PostgreSQL.

.venv/bin/python -m benchmarks.redemption [ROUNDS]

Each round makes one call of every kind, in another order, so that the machine treats all of them alike.
"""

import asyncio
import base64
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import asyncpg
import click
import httpx
from msgspec import json

from adapters.fhir.operations import STATUS_QUERY
from adapters.fhir.redemption_operations import CLAIM_INVITATION
from adapters.system import SystemClock
from benchmarks.patients import nhs_numbers
from domain.identifiers import IdentifierSystem, RequestedIdentifier
from entrypoints.demo.service import CLIENT_ID, ISSUER, Issuer, free_port, generate_call, service
from tests.integration.embedded_postgresql import EmbeddedPostgresql

ORGANISATION = "235a397b-1ae8-4755-9c77-1a0e2fbc5314"
BORN = date(1980, 4, 1)
BATCH = 500
SCOPES = "system/Organization.write system/Patient.read system/Patient.write"
PATIENTS_A_ROUND = 3
"""A wrong token, a wrong date of birth and a right claim, of a patient each, so that nobody is locked."""

Call = Callable[[], httpx.Response]


class Bench:
    """A service with patients of whom all are invited, and the calls that are measured."""

    def __init__(self, client: httpx.Client, base_url: str, access_token: str, patients: int) -> None:
        """Invite the patients."""
        self._client = client
        self._base_url = base_url
        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "X-Org-Public-Id": ORGANISATION,
            "Content-Type": "application/fhir+json",
        }
        numbers = nhs_numbers()
        self.identifiers = [
            RequestedIdentifier(IdentifierSystem.NHS_NUMBER.value, next(numbers)) for _ in range(patients)
        ]
        self.pairs = [
            pair for start in range(0, patients, BATCH) for pair in self._invited(access_token, start)
        ]

    def _invited(self, access_token: str, start: int) -> Iterator[tuple[str, str]]:
        call = generate_call(
            self._base_url, access_token, ORGANISATION, self.identifiers[start : start + BATCH]
        )
        answer = self._client.post(call.url, headers=dict(call.headers), content=call.body)
        for entry in answer.raise_for_status().json()["parameter"]:
            parts = {part["name"]: part for part in entry["part"]}
            yield parts["code"]["valueString"], parts["token"]["valueString"]

    def status(self, number: int) -> httpx.Response:
        """Query the status of one patient."""
        each = self.identifiers[number]
        value = {"valueIdentifier": {"system": each.system, "value": each.value}}
        return self._post(STATUS_QUERY.path, [{"name": "patientIdentifier", **value}])

    def claim(self, code: str, token: str, born: date = BORN) -> httpx.Response:
        """Claim an invitation."""
        typed = [
            {"name": "code", "valueString": code},
            {"name": "token", "valueString": token},
            {"name": "birthDate", "valueDate": born.isoformat()},
        ]
        return self._post(CLAIM_INVITATION.path, typed)

    def _post(self, path: str, parameters: Sequence[Mapping[str, object]]) -> httpx.Response:
        body = json.encode({"resourceType": "Parameters", "parameter": parameters})
        url = self._base_url.removesuffix("/fhir") + path
        return self._client.post(url, headers=self._headers, content=body)


def _calls(bench: Bench, numbers: Iterator[int]) -> dict[str, Call]:
    (code, token), (wrong, _), (right, other) = (bench.pairs[next(numbers)] for _ in range(PATIENTS_A_ROUND))
    expired, locked = bench.pairs[0], bench.pairs[1]
    return {
        "status query of one patient": lambda: bench.status(0),
        "claim": lambda: bench.claim(code, token),
        "wrong date of birth": lambda: bench.claim(right, other, date(1980, 4, 2)),
        "wrong token": lambda: bench.claim(wrong, "0" * 10),
        "unknown code": lambda: bench.claim(secrets.token_hex(5).upper(), "0" * 10),
        "wrong token, expired": lambda: bench.claim(expired[0], "0" * 10),
        "wrong token, locked": lambda: bench.claim(locked[0], "0" * 10),
    }


def _measure(bench: Bench, rounds: int) -> Mapping[str, list[float]]:
    numbers, draw = count(2), Random(rounds)  # noqa: S311 - an order, not a secret
    for _ in range(5):
        bench.claim(bench.pairs[1][0], "0" * 10)
    milliseconds: dict[str, list[float]] = {}
    for _round in range(rounds):
        calls = [*_calls(bench, numbers).items()]
        draw.shuffle(calls)
        for name, call in calls:
            start = time.perf_counter()
            call()
            milliseconds.setdefault(name, []).append((time.perf_counter() - start) * 1000)
    return milliseconds


def _print(keys: int, milliseconds: Mapping[str, list[float]]) -> None:
    status = statistics.median(milliseconds["status query of one patient"])
    click.echo(
        f"{keys} keys in the ring, {len(milliseconds['claim'])} calls each, and times the status query:"
    )
    for name, each in milliseconds.items():
        low, middle, high = statistics.quantiles(each, n=4)
        click.echo(f"  {name:28} {middle:6.2f} ms p50 ({low:.2f} to {high:.2f}), {middle / status:.2f} x")


def _run(settings: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "entrypoints", *arguments]
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


def _bring_in(settings: Mapping[str, str], directory: Path, patients: int) -> None:
    numbers = nhs_numbers()
    rows = "\n".join(f"{next(numbers)},{BORN}" for _ in range(patients))
    file = directory / "patients.csv"
    file.write_text(f"nhs_number,date_of_birth\n{rows}\n")
    _run(settings, "db", "upgrade")
    _run(settings, "organisations", "add", ORGANISATION, "--name", "Benchmark Hospital")
    _run(settings, "clients", "grant", CLIENT_ID, ORGANISATION)
    _run(settings, "clients", "grant-redemption", CLIENT_ID)
    _run(settings, "patients", "import", str(file), "--organisation", ORGANISATION)


async def _expire_first(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE invitation SET expires_at = now() - interval '1 day' WHERE id = 1")
    await connection.close()


def _with_ring(directory: Path, keys: int, rounds: int) -> None:
    """Measure a service whose newest key signs, behind which the others are kept."""
    port, patients = free_port(), PATIENTS_A_ROUND * rounds + BATCH
    server = EmbeddedPostgresql(directory, "fsync=on")
    server.start()
    url = server.url("postgres")
    ring = [f"key-{number}:{base64.b64encode(secrets.token_bytes(32)).decode()}" for number in range(keys)]
    settings = {
        "INVITATIONS_DATABASE_URL": url.replace("postgresql://", "postgresql+asyncpg://"),
        "INVITATIONS_BASE_URL": f"http://127.0.0.1:{port}/fhir",
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": str(directory / "jwks.json"),
        "INVITATIONS_TOKEN_KEYS": ",".join(ring),
    }
    issuer = Issuer()
    issuer.publish(directory / "jwks.json")
    access_token = issuer.access_token(settings["INVITATIONS_BASE_URL"], SCOPES, SystemClock().instant())
    try:
        _bring_in(settings, directory, patients)
        with service(port, settings, directory / "service.log"), httpx.Client(timeout=30) as client:
            bench = Bench(client, settings["INVITATIONS_BASE_URL"], access_token, patients)
            asyncio.run(_expire_first(url))
            _print(keys, _measure(bench, rounds))
    finally:
        server.stop()


@click.command()
@click.argument("rounds", default=300)
def main(rounds: int) -> None:
    """Invite patients, make ROUNDS calls of each kind, and print the times."""
    for keys in (1, 5):
        with TemporaryDirectory(prefix="invitations-bench-") as name:
            _with_ring(Path(name), keys, rounds)


if __name__ == "__main__":
    main()
