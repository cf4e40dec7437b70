"""Runs the service for gRPC alone."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.integration.service import START_SECONDS, Service, end, free_port


@contextmanager
def serving_grpc(
    settings: Mapping[str, str], log: Path, *, workers: int = 1, metrics: bool = False
) -> Iterator[Service]:
    """Run `invitations serve-grpc` until the block ends; its port for HTTP is that for metrics, if any."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    port = free_port()
    metrics_port = free_port() if metrics else 0
    command = [sys.executable, "-m", "entrypoints", "serve-grpc"]
    arguments = ["--port", str(port), "--workers", str(workers)]
    if metrics:
        arguments += ["--metrics-port", str(metrics_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *arguments], env={**inherited, **settings}, stdout=output, stderr=output
        )
    try:
        _wait_until_listening(port, process, log)
        yield Service(metrics_port, process, log, port)
    finally:
        end(process)


def _wait_until_listening(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), START_SECONDS).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the service did not start; it logged:\n{log.read_text()}")
