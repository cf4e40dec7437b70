"""Logs: JSON, a line an event, on standard error."""

from logging.config import dictConfig
from typing import Any

_REQUEST = {"request": {"()": "adapters.door.logged_request.LoggedRequest"}}
_SPAN = {"span": {"()": "adapters.tracing.logged_span.LoggedSpan"}}


def logging_config(level: str, *, tracing: bool = False) -> dict[str, Any]:
    """Give the configuration for `logging.config`. `level` is one of debug, info, warning, error.

    With `tracing`, lines tell their trace and span. Libraries speak from warning on: below, some of them
    show what they work on.
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
