"""Runs the application in forked processes, which start fast.

Run as a program, it imports everything once, and forks a process that serves for each line that it reads.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from msgspec import Struct

from entrypoints.http_process import create_app
from entrypoints.worker import logging_config
from tests.integration.faults.support.waiting import PATIENCE_SECONDS
from tests.integration.service import free_port

_ROOT = Path(__file__).parents[4]
_PAUSE_SECONDS = 0.002


class ForkedService(Struct):
    """A service that can be killed and started again, on the same port."""

    port: int
    forking: subprocess.Popen[str]
    serving: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Fork a process, and wait until it takes connections."""
        assert self.forking.stdin
        assert self.forking.stdout
        self.forking.stdin.write("\n")
        self.forking.stdin.flush()
        self.serving = int(self.forking.stdout.readline())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._takes_connections():
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(_PAUSE_SECONDS)

    def freeze(self) -> None:
        """Let the process do nothing more, while its connections stay open."""
        assert self.serving is not None
        os.kill(self.serving, signal.SIGSTOP)

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        serving, self.serving = self.serving, None
        if serving is not None:
            os.kill(serving, signal.SIGKILL)

    def _takes_connections(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)):
                return True
        except ConnectionRefusedError:
            return False


@contextmanager
def forked_service(environment: Mapping[str, str], log: Path) -> Iterator[ForkedService]:
    """Give a service that is not started yet; it is killed when the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    port = free_port()
    with log.open("wb") as output:
        forking = subprocess.Popen(
            [sys.executable, "-m", __name__, f"{port}"],
            cwd=_ROOT,
            env={**inherited, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    with forking:
        service = ForkedService(port, forking)
        try:
            yield service
        finally:
            service.kill()
            forking.kill()


async def _serve(port: int) -> None:
    app = create_app()
    server = Server(
        app,
        "127.0.0.1",
        port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_dictconfig=logging_config("info"),
    )
    await server.serve()


def main() -> None:
    """Fork a process for each line; it has ended when the next one is read."""
    port = int(sys.argv[1])
    for _line in sys.stdin:
        serving = os.fork()
        if not serving:
            asyncio.run(_serve(port))
            os._exit(0)
        sys.stdout.write(f"{serving}\n")
        sys.stdout.flush()
        with suppress(ChildProcessError):
            os.waitpid(serving, 0)


if __name__ == "__main__":
    main()
