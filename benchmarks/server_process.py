"""Runs the measured servers, each in its own process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from msgspec import Struct

from benchmarks.releases import Release
from entrypoints.demo.service import free_port

_START_SECONDS = 60
_STOP_SECONDS = 30
_POLL_SECONDS = 0.005


class ServerProcess(Struct, frozen=True):
    """A ready server, and the seconds from the start of its process until then."""

    pid: int
    port: int
    seconds_to_ready: float


@contextmanager
def service(
    release: Release, settings: Mapping[str, str], log: Path, workers: int = 1
) -> Iterator[ServerProcess]:
    """Run `invitations serve` of a release until the block ends."""
    port = free_port()
    arguments = ["entrypoints", "serve", "--port", str(port), "--workers", str(workers)]
    with _running([str(release.python), "-m", *arguments], settings, port, "/health/ready", log) as server:
        yield server


@contextmanager
def peer(settings: Mapping[str, str], log: Path) -> Iterator[ServerProcess]:
    """Run the peer, without its access log, until the block ends."""
    port = free_port()
    arguments = ["uvicorn", "--factory", "benchmarks.peer.app:create_app", "--port", str(port)]
    with _running(
        [sys.executable, "-m", *arguments, "--no-access-log"], settings, port, "/health", log
    ) as server:
        yield server


@contextmanager
def _running(
    command: Sequence[str], settings: Mapping[str, str], port: int, probe: str, log: Path
) -> Iterator[ServerProcess]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env={**inherited, **settings}, stdout=output, stderr=output
        )
    try:
        while not _answers(port, probe):
            if process.poll() is not None or time.perf_counter() > start + _START_SECONDS:
                raise RuntimeError(f"{command[2]} did not start; it logged:\n{log.read_text()}")
            time.sleep(_POLL_SECONDS)
        yield ServerProcess(process.pid, port, time.perf_counter() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_SECONDS)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except OSError:
        return False
    finally:
        connection.close()
