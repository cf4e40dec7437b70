"""Logs: JSON, a line an event, on standard error."""

from logging.config import dictConfig
from typing import Any


def logging_config(level: str) -> dict[str, Any]:
    """Give the configuration for `logging.config`. `level` is one of debug, info, warning, error.

    Libraries speak from warning on: below, some of them show what they work on.
    """
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
        "filters": {"request": {"()": "adapters.door.logged_request.LoggedRequest"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"invitations": {"level": level.upper()}, "_granian": {"level": "WARNING"}},
    }


def configure_logging(level: str) -> None:
    """Log from now on."""
    dictConfig(logging_config(level))
