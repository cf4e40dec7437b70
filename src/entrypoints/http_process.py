"""The processes that answer HTTP."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from logging import getLogger
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TypeAlias

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess
from msgspec import Struct
from msgspec.structs import replace
from returns.result import Result

from adapters.http.bodies import AsgiApp
from adapters.http.join.client_addresses import NO_PROXIES, TrustedProxies
from adapters.telemetry.prometheus import scrape_server
from domain.results import failed
from entrypoints.file_limit import max_connections, raise_file_limit
from entrypoints.loading import collection_paused
from entrypoints.orphans import end_with
from entrypoints.settings import Settings
from entrypoints.worker import FROM_ENVIRONMENT, Surroundings, logging_config, worker_container

_logger = getLogger("invitations.serve")


@contextmanager
def new_metrics_directory() -> Iterator[Path]:
    """Make a new directory for metrics, readable by its owner only, and remove it at the end.

    It lies in TMPDIR, else in /tmp. Raises OSError.
    """
    directory = mkdtemp(prefix="invitations-metrics-")
    try:
        yield Path(directory)
    finally:
        rmtree(directory, ignore_errors=True)


def create_app(surroundings: Surroundings = FROM_ENVIRONMENT) -> AsgiApp:
    """Make the application, from the environment unless there are settings.

    Raises SystemExit with a line for each wrong setting.
    """
    return worker_container(surroundings).http().app()


HEADER_MILLISECONDS = 5_000
"""How long a caller may take to send the head of a request."""

_HEAD_BYTES = 65_536
"""How large the head of a request may be. The largest access token that is read is a quarter of it."""

DRAIN_SECONDS = 15
"""How long requests in progress may take to end when the service stops."""

_STOPS = (signal.SIGTERM, signal.SIGINT)


def is_running(process: BaseProcess) -> bool:
    """Say whether a process still runs, even if another thread has waited for its end."""
    return not wait([process.sentinel], timeout=0)


def _worker_app(parent: int, surroundings: Surroundings) -> AsgiApp:
    end_with(parent, DRAIN_SECONDS)
    with collection_paused():
        return create_app(surroundings)


ReadSettings: TypeAlias = Callable[[], Result[Settings, str]]
"""Reads the settings and checks the files that they name, or says in a line what is wrong."""


class _Server(MPServer):
    """The library's server, with workers that have settings that are good, and that end with it.

    It warns of killing only workers that still run. A thread of the library waits for each worker. Until it
    has noted the end, the worker passes for alive.
    """

    surroundings = FROM_ENVIRONMENT
    read_settings: ReadSettings

    def _spawn_worker(self, *args: object, **kwargs: object) -> WorkerProcess:
        kwargs["callback_loader"] = partial(_worker_app, os.getpid(), self.surroundings)
        worker: WorkerProcess = super()._spawn_worker(*args, **kwargs)
        worker.is_alive = partial(is_running, worker.inner)  # type: ignore[method-assign]  # it makes its own
        return worker

    def _reload(self, spawn_target: object, target_loader: object) -> None:
        """Replace the workers, unless the settings are wrong now: then the old ones go on."""
        settings = self.read_settings()
        if failed(settings):
            self.reload_signal = False
            self.main_loop_interrupt.clear()
            _logger.error("not reloaded", extra={"problem": settings.failure()})
            return
        self.surroundings = replace(self.surroundings, settings=settings.unwrap())
        super()._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # of the library
        _logger.info("reloaded")


class Listening(Struct, frozen=True):
    """Where the service listens, and with how many workers.

    With an address for gRPC, every worker listens there too. With a host and port for metrics, they are
    answered there alone. The proxies are those in front of it.
    """

    host: str
    port: int
    workers: int
    grpc_address: str | None = None
    metrics_at: tuple[str, int] | None = None
    trusted_proxies: TrustedProxies = NO_PROXIES


def serve(at: Listening, settings: Settings, read_settings: ReadSettings) -> None:
    """Serve until SIGTERM or SIGINT; then accept no more connections and finish the requests in progress.

    At SIGHUP, read the settings again and replace the workers. Raises OSError.
    """
    raise_file_limit()
    server = _Server(
        "entrypoints.http_process:create_app",
        address=at.host,
        port=at.port,
        workers=at.workers,
        http=HTTPModes.http1,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=_HEAD_BYTES),
        # the library counts idle connections too: the bound of calls is the in-flight limit
        backpressure=max_connections(),
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logging_config(settings.log_level),
    )
    server.read_settings = read_settings
    _let_new_workers_be_stopped()
    with ExitStack() as stack:
        directory = stack.enter_context(new_metrics_directory())
        if at.metrics_at is not None:
            stack.enter_context(scrape_server(*at.metrics_at, directory))
        server.surroundings = Surroundings(
            directory,
            at.grpc_address,
            "here" if at.metrics_at is None else "elsewhere",
            settings,
            at.trusted_proxies,
        )
        server.serve(target_loader=create_app, wrap_loader=False)


def _let_new_workers_be_stopped() -> None:
    """Let a stop end a worker that does not serve yet.

    A forked worker has the signal handlers of the main process, which do nothing in it, until it serves.
    """
    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, _STOPS),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, _STOPS),
        after_in_child=_end_when_stopped,
    )


def _end_when_stopped() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # a terminal sends it to all processes, and the main process sends its workers SIGTERM
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
