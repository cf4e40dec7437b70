"""Runs the real service as a process, set up by its environment alone."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from msgspec import Struct, json

START_SECONDS = 120
STOP_SECONDS = 20


class Service(Struct, frozen=True):
    """A running service: its ports, its main process, and its log file."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    grpc_port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log_lines(self) -> list[dict[str, object]]:
        """Read the log, each line of which is to be a JSON object."""
        return [
            json.decode(line, type=dict[str, object]) for line in self.log.read_bytes().splitlines() if line
        ]

    def log_line(self, request_id: str) -> dict[str, object]:
        """Give the line about a request; it is written just after the answer is sent."""
        return self.log_lines_of(request_id, 1)[0]

    def log_lines_of(self, request_id: str, least: int) -> list[dict[str, object]]:
        """Give the lines with a request id, once there are so many."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            lines = [line for line in self.log_lines() if line.get("request_id") == request_id]
            if len(lines) >= least:
                return lines
            time.sleep(0.02)
        raise AssertionError(f"no {least} log lines with the request id {request_id}")

    def had_to_be_killed(self) -> bool:
        """Say whether a worker was killed, which happens after the time for requests under way alone."""
        return any("Killing" in str(line["message"]) for line in self.log_lines())

    def stop(self) -> int:
        """Stop it like a process manager, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


def free_port() -> int:
    """Give a port at which nothing listens, and keep it: only a server that asks for this port gets it."""
    kept = socket.socket()
    # a bound socket that does not listen reserves the port for a server with the same options
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    kept.bind(("127.0.0.1", 0))
    atexit.register(kept.close)
    return int(kept.getsockname()[1])


@contextmanager
def running_service(
    settings: Mapping[str, str],
    log: Path,
    *,
    workers: int = 1,
    port: int | None = None,
    grpc: bool = False,
    metrics_port: int | None = None,
) -> Iterator[Service]:
    """Run the service with these settings, whether ready or not, until the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    port = port or free_port()
    grpc_port = free_port() if grpc else 0
    command = [sys.executable, "-m", "entrypoints", "serve", "--port", str(port), "--workers", str(workers)]
    if grpc:
        command += ["--grpc-port", str(grpc_port)]
    if metrics_port:
        command += ["--metrics-port", str(metrics_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**inherited, **settings}, stdout=output, stderr=output)
    try:
        _wait_until_live(port, process, log)
        yield Service(port, process, log, grpc_port)
    finally:
        end(process)


def _wait_until_live(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    # one client without certificates, because reading them at each attempt would slow down the start
    with httpx.Client(verify=False) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                client.get(f"http://127.0.0.1:{port}/health/live").raise_for_status()
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError(f"the service did not start; it logged:\n{log.read_text()}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a service that runs; fails if it has to be killed."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
