"""The start of every process that answers callers: logging, settings and container."""

import os
from logging.config import dictConfig
from pathlib import Path
from typing import Any

from adapters.http.join.client_addresses import NO_PROXIES, TrustedProxies
from domain.results import failed
from entrypoints.container import Container
from entrypoints.settings import read_settings

_REQUEST = {"request": {"()": "adapters.serving.request_log.LoggedRequest"}}
_SPAN = {"span": {"()": "adapters.telemetry.otlp.LoggedSpan"}}


def logging_config(level: str, *, tracing: bool = False) -> dict[str, Any]:
    """Give the configuration for `logging.config`. `level` is one of debug, info, warning, error.

    With `tracing`, lines carry their trace and span. Libraries log from warning on: below that, some of them
    show patients' data.
    """
    filters = {**_REQUEST, **(_SPAN if tracing else {})}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.msgspec.MsgspecFormatter",
                "fmt": ["levelname", "name", "message"],
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",
            }
        },
        "filters": filters,
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": [*filters]}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"invitations": {"level": level.upper()}, "_granian": {"level": "WARNING"}},
    }


def configure_logging(level: str, *, tracing: bool) -> None:
    """Log from now on."""
    dictConfig(logging_config(level, tracing=tracing))


STATEMENT_SECONDS = 5.0
"""How long a database server may take for a statement before the caller gets 503."""


def worker_container(
    metrics_directory: Path | None = None,
    grpc_address: str | None = None,
    trusted_proxies: TrustedProxies = NO_PROXIES,
) -> Container:
    """Read the environment and configure logging. Raises SystemExit with a line for each wrong setting.

    With a directory, the worker's metrics are kept there, together with those of other workers. With an
    address, the worker answers gRPC there. The proxies are those in front of it.
    """
    settings = read_settings(os.environ, to_serve=True)
    if failed(settings):
        raise SystemExit("\n".join(settings.failure().problems))
    tracing = settings.unwrap().tracing
    configure_logging(settings.unwrap().log_level, tracing=tracing)
    # the library's native code would write its own lines into the log
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    container = Container(
        settings=settings.unwrap(),
        statement_seconds=STATEMENT_SECONDS,
        metrics_directory=metrics_directory,
        grpc_address=grpc_address,
        trusted_proxies=trusted_proxies,
    )
    try:
        container.telemetry().traces()
    except ValueError as error:
        raise SystemExit(f"OpenTelemetry: {error}") from None
    return container
