"""What every process that answers callers begins with."""

import os
from pathlib import Path

from returns.result import Failure

from entrypoints.container import Container
from entrypoints.logs import configure_logging
from entrypoints.settings import read_settings

STATEMENT_SECONDS = 5.0
"""How long a database server may take over a statement before the caller is told to try again."""


def worker_container(metrics_directory: Path | None = None) -> Container:
    """Read the environment and begin to log. Raises SystemExit with a line for each wrong setting.

    With a directory, what the worker counts is kept there, for all workers to tell.
    """
    settings = read_settings(os.environ, to_serve=True)
    if isinstance(settings, Failure):
        raise SystemExit("\n".join(settings.failure().problems))
    tracing = settings.unwrap().tracing
    configure_logging(settings.unwrap().log_level, tracing=tracing)
    # the library's native part would write lines of its own among ours
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    container = Container(
        settings=settings.unwrap(),
        statement_seconds=STATEMENT_SECONDS,
        metrics_directory=metrics_directory,
    )
    if tracing:
        _trace(container)
    return container


def _trace(container: Container) -> None:
    from entrypoints.tracing import trace  # noqa: PLC0415 - who does not trace does not pay for the library

    try:
        trace(container)
    except ValueError as error:
        raise SystemExit(f"OpenTelemetry: {error}") from None
