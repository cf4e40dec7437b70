"""How fast patients come in: generates a file, imports it twice into a PostgreSQL of its own.

.venv/bin/python -m benchmarks.import_rate [ROWS]
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from adapters.csv_patients import HEADER
from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import PatientIdentifier
from tests.integration.embedded_postgresql import EmbeddedPostgresql

ORGANISATION = "235a397b-1ae8-4755-9c77-1a0e2fbc5314"
FIRST_NUMBER = 400_000_000
SEED = 20261122


def nhs_numbers() -> Iterator[str]:
    """Give valid NHS numbers in ascending order."""
    for stem in range(FIRST_NUMBER, 800_000_000):
        remainder = (
            sum(int(digit) * weight for digit, weight in zip(str(stem), range(10, 1, -1), strict=True)) % 11
        )
        if remainder != 1:
            yield PatientIdentifier(IdentifierSystem.NHS_NUMBER, f"{stem}{(11 - remainder) % 11}").value


def write_patients(file: Path, rows: int) -> None:
    """Write made-up patients, a few of them deceased, a fifth registered."""
    draw = Random(SEED)  # noqa: S311 - made-up patients, not secrets
    with file.open("w") as out:
        print(",".join(HEADER), file=out)
        for _row, number in zip(range(rows), nhs_numbers(), strict=False):
            born = f"{draw.randrange(1925, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
            deceased = "true" if draw.randrange(50) == 0 else ""
            registered = "true" if draw.randrange(5) == 0 else ""
            print(f"{number},,,{born},{deceased},{registered}", file=out)


def invitations(database_url: str, *arguments: str) -> float:
    """Run a command and give the seconds it took."""
    start = time.perf_counter()
    environment = {**os.environ, "INVITATIONS_DATABASE_URL": database_url}
    subprocess.run([sys.executable, "-m", "entrypoints", *arguments], env=environment, check=True)  # noqa: S603 - our own command
    return time.perf_counter() - start


@click.command()
@click.argument("rows", default=1_000_000)
def main(rows: int) -> None:
    """Import ROWS patients twice and print the rates."""
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        directory = Path(name)
        server = EmbeddedPostgresql(directory)
        server.start()
        try:
            url = server.url("postgres").replace("postgresql://", "postgresql+asyncpg://")
            file = directory / "patients.csv"
            write_patients(file, rows)
            invitations(url, "db", "upgrade")
            invitations(url, "organisations", "add", ORGANISATION, "--name", "Benchmark Hospital")
            for run in ("new patients", "the same again"):
                seconds = invitations(url, "patients", "import", str(file), "--organisation", ORGANISATION)
                click.echo(f"{run}: {rows / seconds:,.0f} rows a second, {seconds:.1f} s in all")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            click.echo(f"largest process: {peak:.0f} MiB")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
