"""The command `invitations`, run as an operator runs it: a process with an environment, in a directory."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

FAR_TOO_LONG = 200
"""Seconds."""


class Outcome(Struct, frozen=True):
    """What a command said, and the exit code."""

    code: int
    output: str
    error: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Give this process's environment with these settings and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    return {**inherited, **settings}


def started(
    directory: Path, *arguments: str | bytes, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "entrypoints", *arguments],
        cwd=directory,
        env=environment(settings or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
    )


def ended(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a command to end."""
    with process:
        try:
            output, error = process.communicate(timeout=FAR_TOO_LONG)
        finally:
            process.kill()
    return Outcome(process.returncode, output, error)


def invitations(
    directory: Path, *arguments: str | bytes, settings: Mapping[str, str] | None = None
) -> Outcome:
    """Run a command to its end."""
    return ended(started(directory, *arguments, settings=settings))
