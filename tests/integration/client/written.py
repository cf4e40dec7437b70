"""Reads the output files of a run, also while it runs."""

import time
from pathlib import Path

PATIENCE_SECONDS = 60


def rows(file: Path) -> list[list[str]]:
    return [line.split(",") for line in file.read_text().splitlines()[1:]]


def wait_for_lines(file: Path, least: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not file.exists() or file.read_bytes().count(b"\n") < least:
        assert time.monotonic() < deadline, f"there are no {least} lines"
        time.sleep(0.005)
