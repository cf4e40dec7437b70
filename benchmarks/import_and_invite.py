"""Measures how fast patients are imported and invited, and their size on disk, on a PostgreSQL of its own.

.venv/bin/python -m benchmarks.import_and_invite [ROWS]
"""

import asyncio
import base64
import os
import resource
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import asyncpg
import click
import httpx

from adapters.system import SystemClock
from benchmarks.patients import draw_identifiers, write_patients
from entrypoints.demo.service import CLIENT_ID, ISSUER, Issuer, free_port, generate_call, service
from tests.integration.embedded_postgresql import EmbeddedPostgresql

ORGANISATION = "235a397b-1ae8-4755-9c77-1a0e2fbc5314"
BATCH = 500
BATCHES = 100


def invitations(settings: Mapping[str, str], *arguments: str, python: Path = Path(sys.executable)) -> float:
    """Run a command of the release that this interpreter has, and return its seconds."""
    start = time.perf_counter()
    command = [str(python), "-m", "entrypoints", *arguments]
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return time.perf_counter() - start


def measure_import(settings: Mapping[str, str], file: Path, rows: int) -> None:
    """Import a file twice and print the rates."""
    write_patients(file, rows)
    invitations(settings, "db", "upgrade")
    invitations(settings, "organisations", "add", ORGANISATION, "--name", "Benchmark Hospital")
    invitations(settings, "clients", "grant", CLIENT_ID, ORGANISATION)
    for what in ("new patients", "the same again"):
        before = _processor_seconds()
        seconds = invitations(settings, "patients", "import", str(file), "--organisation", ORGANISATION)
        computing = _processor_seconds() - before
        click.echo(
            f"import, {what}: {rows / seconds:,.0f} rows a second, {seconds:.1f} s in all, "
            f"of which the command computed {computing:.1f} s"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    click.echo(f"import, maximum memory: {peak:.0f} MiB")


def measure_operation(settings: Mapping[str, str], directory: Path, port: int, rows: int) -> None:
    """Call the operation from one client, with batches of random patients, and print the pace."""
    issuer = Issuer()
    issuer.publish(Path(settings["INVITATIONS_JWKS"]))
    base_url = settings["INVITATIONS_BASE_URL"]
    token = issuer.access_token(base_url, "system/Organization.write", SystemClock().instant())
    draw = Random(rows)  # noqa: S311 - a choice of patients, not a secret
    seconds = []
    with service(port, settings, directory / "service.log"), httpx.Client() as client:
        for _batch in range(BATCHES):
            call = generate_call(base_url, token, ORGANISATION, draw_identifiers(draw, BATCH, rows))
            start = time.perf_counter()
            client.post(call.url, headers=dict(call.headers), content=call.body).raise_for_status()
            seconds.append(time.perf_counter() - start)
    middle = statistics.median(seconds)
    click.echo(
        f"operation, {BATCH} patients: {middle * 1000:.1f} ms p50, {BATCH / middle:,.0f} patients a second"
    )


def _processor_seconds() -> float:
    """Give the processor time of all commands so far; on a busy machine it says more than their seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


async def measure_weight(url: str, rows: int) -> None:
    """Print the size of patients and invitations on disk, with indexes."""
    connection = await asyncpg.connect(url)
    patients = ("patient", "patient_identifier", "care_relationship")
    size = sum([await connection.fetchval("SELECT pg_total_relation_size($1)", table) for table in patients])
    click.echo(f"disk: {size / rows:.0f} bytes a patient")
    count = await connection.fetchval("SELECT count(*) FROM invitation")
    size = await connection.fetchval("SELECT pg_total_relation_size('invitation')")
    click.echo(f"disk: {size / count:.0f} bytes an invitation")
    await connection.close()


@click.command()
@click.argument("rows", default=1_000_000)
def main(rows: int) -> None:
    """Import ROWS patients twice, invite some, and print the figures."""
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        directory, port = Path(name), free_port()
        server = EmbeddedPostgresql(directory, "fsync=on", "shared_buffers=1GB", "max_wal_size=4GB")
        server.start()
        url = server.url("postgres")
        settings = {
            "INVITATIONS_DATABASE_URL": url.replace("postgresql://", "postgresql+asyncpg://"),
            "INVITATIONS_BASE_URL": f"http://127.0.0.1:{port}/fhir",
            "INVITATIONS_ISSUER": ISSUER,
            "INVITATIONS_JWKS": str(directory / "jwks.json"),
            "INVITATIONS_TOKEN_KEYS": f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        try:
            measure_import(settings, directory / "patients.csv", rows)
            measure_operation(settings, directory, port, rows)
            asyncio.run(measure_weight(url, rows))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
