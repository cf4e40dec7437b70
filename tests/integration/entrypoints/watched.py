"""A fresh interpreter, watched by its own audit events while it runs some code.

Source: https://docs.python.org/3.11/library/audit_events.html
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import json

_WATCH = """
import json, os, sys

seen = []
OPENED_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
REACHES_OUT = ("socket.", "sqlite3.", "subprocess.", "os.exec", "os.fork", "os.mkdir", "os.remove")

class Environment(dict):
    def __getitem__(self, name):
        seen.append(f"environment {name}") if name.startswith("INVITATIONS_") else None
        return super().__getitem__(name)

    def get(self, name, default=None):
        return self[name] if name in self else default

    def __contains__(self, name):
        seen.append(f"environment {name}") if name.startswith("INVITATIONS_") else None
        return super().__contains__(name)

def watch(event, arguments):
    if event == "open" and arguments[2] & OPENED_FOR_WRITING:
        seen.append(f"open {arguments[0]}")
    elif event.startswith(REACHES_OUT):
        seen.append(event)

os.environ = Environment(os.environ)
sys.addaudithook(watch)
"""

_REPORT = """
print(json.dumps(seen))
"""


def seen_while_running(code: str, directory: Path, settings: Mapping[str, str] | None = None) -> list[str]:
    """List the I/O of the code: written files, sockets, databases, processes, our settings."""
    return json.decode(printed_by(f"{_WATCH}\n{code}\n{_REPORT}", directory, settings), type=list[str])


def printed_by(code: str, directory: Path, settings: Mapping[str, str] | None = None) -> str:
    """Run code in a new interpreter, and return its output."""
    process = subprocess.run(
        # without -B, Python itself would write compiled modules
        [sys.executable, "-B", "-c", code],
        cwd=directory,
        env=dict(settings or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()
