"""A large import that its operator kills."""

import asyncio
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from application.administration.patients import CHUNK_ROWS
from tests.builders import HOSPITAL, an_nhs_number
from tests.integration.commands.shell import FAR_TOO_LONG, Outcome, ended, started
from tests.integration.sql.rows import row_counts

pytestmark = pytest.mark.full

ROWS = {"sqlite+aiosqlite": 100_000, "postgresql+asyncpg": 50_000}
HEADER = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"
IMPORT = ["patients", "import", "patients.csv", "--organisation", str(HOSPITAL)]


def _write(file: Path, rows: int) -> None:
    with file.open("w") as opened:
        opened.write(f"{HEADER}\n")
        opened.writelines(f"{an_nhs_number(number)},,,1984-02-29,,\n" for number in range(rows))


def _counts(url: str) -> Mapping[str, int]:
    counts = asyncio.run(row_counts(url))
    return {table: counts.get(table, 0) for table in ("patient", "patient_identifier", "care_relationship")}


def _settled_counts(url: str) -> Mapping[str, int]:
    """Count the stored patients after the server has noticed the end of the import."""
    before, counts = None, _counts(url)
    while counts != before:
        time.sleep(0.1)
        before, counts = counts, _counts(url)
    return counts


def _killed_after_a_chunk(process: subprocess.Popen[str], url: str) -> None:
    deadline = time.monotonic() + FAR_TOO_LONG
    while _counts(url)["patient"] < CHUNK_ROWS and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()


def test_an_import_that_is_killed_leaves_whole_chunks_and_done_again_finishes(
    ready_url: str, tmp_path: Path
) -> None:
    rows = ROWS[ready_url.partition(":")[0]]
    _write(tmp_path / "patients.csv", rows)
    settings = {"INVITATIONS_DATABASE_URL": ready_url}

    _killed_after_a_chunk(started(tmp_path, *IMPORT, settings=settings), ready_url)

    [stored] = set(_settled_counts(ready_url).values())
    again = ended(started(tmp_path, *IMPORT, settings=settings))
    assert (stored % CHUNK_ROWS, CHUNK_ROWS <= stored < rows) == (0, True)
    assert again == Outcome(0, f"Imported {rows:,} of {rows:,} rows.\n", "")
    assert set(_counts(ready_url).values()) == {rows}
