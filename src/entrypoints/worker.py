"""The start of every process that answers callers: logging, settings and container."""

import os
import sys
from logging import getLogger
from logging.config import dictConfig
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from adapters.http.join.client_addresses import NO_PROXIES, TrustedProxies
from adapters.serving.request_log import describe
from domain.results import failed
from entrypoints.container import Container
from entrypoints.settings import Settings, read_settings

_logger = getLogger("invitations.worker")

_FILTERS = {
    "request": {"()": "adapters.serving.request_log.LoggedRequest"},
    "library": {"()": "adapters.serving.request_log.LibraryLine"},
}
_SPAN = {"span": {"()": "adapters.telemetry.otlp.LoggedSpan"}}


def logging_config(level: str, *, tracing: bool = False) -> dict[str, Any]:
    """Give the configuration for `logging.config`. `level` is one of debug, info, warning, error.

    With `tracing`, lines carry their trace and span. Libraries log from warning on: below that, some of them
    show patients' data.
    """
    filters = {**_FILTERS, **(_SPAN if tracing else {})}
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
    """Log from now on, also what Python cannot raise, such as an exception while an object is deleted."""
    dictConfig(logging_config(level, tracing=tracing))
    # Python would write the exception with its text, which may quote a patient's data, and not as JSON
    sys.unraisablehook = _log_unraisable


def _log_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    if unraisable.exc_value is not None:
        _logger.error("exception ignored", extra=describe(unraisable.exc_value))


STATEMENT_SECONDS = 5.0
"""How long a database server may take for a statement before the caller gets 503."""


class Surroundings(Struct, frozen=True):
    """What a main process gives its workers.

    With a directory, their metrics are kept there, together with those of other workers. With an address,
    they answer gRPC there. Without settings, they read the environment. The proxies say who called them.
    """

    metrics_directory: Path | None = None
    grpc_address: str | None = None
    metrics_answered: Literal["here", "elsewhere"] = "here"
    settings: Settings | None = None
    trusted_proxies: TrustedProxies = NO_PROXIES


FROM_ENVIRONMENT = Surroundings()
"""Of a process that stands alone."""


def worker_container(surroundings: Surroundings) -> Container:
    """Configure logging, and make the container. Raises SystemExit with a line for each wrong setting."""
    settings = surroundings.settings or _settings()
    tracing = settings.tracing
    configure_logging(settings.log_level, tracing=tracing)
    container = Container(
        settings=settings,
        statement_seconds=STATEMENT_SECONDS,
        metrics_directory=surroundings.metrics_directory,
        grpc_address=surroundings.grpc_address,
        metrics_answered=surroundings.metrics_answered,
        trusted_proxies=surroundings.trusted_proxies,
    )
    try:
        container.telemetry().traces()
    except ValueError as error:
        raise SystemExit(f"OpenTelemetry: {error}") from None
    return container


def _settings() -> Settings:
    settings = read_settings(os.environ, to_serve=True)
    if failed(settings):
        raise SystemExit("\n".join(settings.failure().problems))
    return settings.unwrap()
