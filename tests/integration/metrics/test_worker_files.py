"""The files of the workers' metrics, read while workers start and end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from adapters.telemetry.prometheus import all_workers


@pytest.fixture
def pid_of_one_that_ended() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_worker_that_just_starts_has_files_with_nothing_in_them(tmp_path: Path) -> None:
    (tmp_path / f"counter_{os.getpid()}.db").touch()

    assert generate_latest(all_workers(tmp_path)) == b""


def test_the_gauges_of_a_worker_end_with_it(tmp_path: Path, pid_of_one_that_ended: int) -> None:
    kept = [
        tmp_path / name for name in (f"gauge_livesum_{os.getpid()}.db", f"counter_{pid_of_one_that_ended}.db")
    ]
    for file in (*kept, tmp_path / f"gauge_livesum_{pid_of_one_that_ended}.db"):
        file.touch()

    generate_latest(all_workers(tmp_path))

    assert {*tmp_path.iterdir()} == {*kept}
