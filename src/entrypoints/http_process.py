"""The processes that answer HTTP."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from adapters.http.bodies import AsgiApp
from adapters.http.join.client_addresses import NO_PROXIES, TrustedProxies
from entrypoints.worker import logging_config, worker_container


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


def create_app(
    grpc_address: str | None = None,
    metrics_directory: Path | None = None,
    trusted_proxies: TrustedProxies = NO_PROXIES,
) -> AsgiApp:
    """Make the application from the environment; with an address, it answers gRPC there too.

    Its metrics are kept in the directory, if there is one, with those of other processes. The proxies say
    who called them.

    Raises SystemExit with a line for each wrong setting.
    """
    return worker_container(metrics_directory, grpc_address, trusted_proxies).http().app()


HEADER_MILLISECONDS = 5_000
"""How long a caller may take to send the head of a request."""

_HEAD_BYTES = 65_536
"""How large the head of a request may be. The largest access token that is read is a quarter of it."""

DRAIN_SECONDS = 15
"""How long requests in progress may take to end when the service stops."""

_STOPS = (signal.SIGTERM, signal.SIGINT)

# granian counts idle connections too: the bound that matters is the in-flight limit
_CONNECTIONS = 16_000


def is_running(process: BaseProcess) -> bool:
    """Say whether a process still runs, even if another thread has waited for its end."""
    return not wait([process.sentinel], timeout=0)


class _Server(MPServer):
    """The library's server, except that it warns of killing only workers that still run.

    A thread of the library waits for each worker. Until it has noted the end, the worker passes for alive.
    """

    def _spawn_worker(self, *args: object, **kwargs: object) -> WorkerProcess:
        worker: WorkerProcess = super()._spawn_worker(*args, **kwargs)
        worker.is_alive = partial(is_running, worker.inner)  # type: ignore[method-assign]  # it makes its own
        return worker


def serve(  # noqa: PLR0913, PLR0917 - the options of the command
    host: str,
    port: int,
    workers: int,
    log_level: str,
    grpc_address: str | None = None,
    trusted_proxies: TrustedProxies = NO_PROXIES,
) -> None:
    """Serve until SIGTERM or SIGINT; then accept no more connections and finish the requests in progress.

    With an address for gRPC, every worker listens there too.
    """
    server = _Server(
        "entrypoints.http_process:create_app",
        address=host,
        port=port,
        workers=workers,
        http=HTTPModes.http1,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=_HEAD_BYTES),
        backpressure=_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
        log_level=LogLevels(log_level),
        log_dictconfig=logging_config(log_level),
    )
    _let_new_workers_be_stopped()
    with new_metrics_directory() as directory:
        server.serve(
            target_loader=partial(create_app, grpc_address, directory, trusted_proxies), wrap_loader=False
        )


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
