"""What an application in this process logs, written as the service writes it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pkgutil import resolve_name

from msgspec import json

from entrypoints.worker import logging_config


class CapturedLog:
    """The log so far."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, logger: str) -> list[dict[str, object]]:
        """Give the lines of one logger."""
        lines = [json.decode(line, type=dict[str, object]) for line in self.text.splitlines()]
        return [line for line in lines if line["logger"] == logger]


@contextmanager
def captured_log() -> Iterator[CapturedLog]:
    config = logging_config("debug")
    formatter = dict(config["formatters"]["json"])
    log = CapturedLog()
    handler = logging.StreamHandler(log.stream)
    handler.setFormatter(resolve_name(formatter.pop("()"))(**formatter))
    for name in config["handlers"]["stderr"]["filters"]:
        handler.addFilter(resolve_name(config["filters"][name]["()"])())
    ours = logging.getLogger("invitations")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(handler)
        ours.setLevel(level)
