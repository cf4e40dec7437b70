"""The processes that answer gRPC without HTTP."""

import asyncio
import os
import signal
import time
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

from adapters.grpc.server import DRAIN_SECONDS
from adapters.telemetry.prometheus import scrape_server
from entrypoints.file_limit import raise_file_limit
from entrypoints.http_process import new_metrics_directory
from entrypoints.loading import collection_paused
from entrypoints.resources import close_resources, open_resources
from entrypoints.worker import Surroundings, worker_container

_STOPS = (signal.SIGTERM, signal.SIGINT)

_KILL_SECONDS = DRAIN_SECONDS + 5
"""How long a worker may take to stop."""

_PAUSE_SECONDS = 1.0
"""How long to wait before a worker that ended by itself is replaced."""


def serve(address: str, workers: int, metrics_at: tuple[str, int] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; then accept no more calls and finish those in progress.

    With a host and port for metrics, this process serves the metrics of all workers there. Raises OSError.
    """
    raise_file_limit()
    if metrics_at is None:
        _serve(address, workers, None)
        return
    with new_metrics_directory() as directory, scrape_server(*metrics_at, directory):
        _serve(address, workers, directory)


def _serve(address: str, workers: int, metrics_directory: Path | None) -> None:
    if workers == 1:
        work(address, metrics_directory)
    else:
        _Workers(address, workers, metrics_directory).supervise()


def work(address: str, metrics_directory: Path | None) -> None:
    """Run a worker; its metrics are kept in the directory, if there is one, with those of others."""
    asyncio.run(_work(address, metrics_directory))


async def _work(address: str, metrics_directory: Path | None) -> None:
    with collection_paused():
        container = worker_container(Surroundings(metrics_directory, address))
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stop in _STOPS:
        loop.add_signal_handler(stop, stop_requested.set)
    if parent := parent_process():
        # a worker ends itself if its parent was killed
        loop.add_reader(parent.sentinel, stop_requested.set)
    await open_resources(container)
    await stop_requested.wait()
    await close_resources(container)


class _Workers:
    """A number of workers; one that ends by itself is replaced."""

    def __init__(self, address: str, number: int, metrics_directory: Path | None) -> None:
        self._arguments = (address, metrics_directory)
        self._number = number
        self._running: list[SpawnProcess] = []
        self._kill_at: float | None = None

    def supervise(self) -> None:
        for stop in _STOPS:
            signal.signal(stop, self._stop)
        for _ in range(self._number):
            self._start_one()
        while self._running:
            connection.wait([worker.sentinel for worker in self._running], _PAUSE_SECONDS)
            ended = [worker for worker in self._running if not worker.is_alive()]
            self._running = [worker for worker in self._running if worker not in ended]
            if self._kill_at is None:
                self._replace(len(ended))
            elif time.monotonic() > self._kill_at:
                self._send(signal.SIGKILL)

    def _replace(self, number: int) -> None:
        # a worker that cannot start must not keep the processor busy
        time.sleep(_PAUSE_SECONDS if number else 0)
        for _ in range(number):
            self._start_one()

    def _start_one(self) -> None:
        if self._kill_at is None:
            worker = get_context("spawn").Process(target=work, args=self._arguments)
            worker.start()
            self._running.append(worker)
        if self._kill_at is not None:
            # a signal that came in between did not reach it
            self._send(signal.SIGTERM)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._kill_at = self._kill_at or time.monotonic() + _KILL_SECONDS
        self._send(signal.SIGTERM)

    def _send(self, message: signal.Signals) -> None:
        for worker in self._running:
            if worker.pid is not None and worker.is_alive():
                os.kill(worker.pid, message)
