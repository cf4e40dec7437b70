"""The real service, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

_START_SECONDS = 30
_STOP_SECONDS = 20


def free_port() -> int:
    """Find a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    port: int, settings: Mapping[str, str], log: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `invitations serve` with nothing but these settings, until the block ends; it logs to `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    command = [sys.executable, "-m", "entrypoints", "serve", "--port", str(port), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env={**inherited, **settings}, stdout=output, stderr=output
        )
    try:
        _wait_until_ready(port, process, log)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_SECONDS)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise click.ClickException(f"the service did not start; it logged:\n{log.read_text()}")
