"""The process that a server's worker runs."""

import os

from returns.result import Failure

from adapters.http.asgi import AsgiApp
from entrypoints.container import Container
from entrypoints.logs import configure_logging
from entrypoints.settings import read_settings

STATEMENT_SECONDS = 5.0
"""How long a database server may take over a statement before the caller is told to try again."""


def create_app() -> AsgiApp:
    """Make the application from the environment. Raises SystemExit with a line for each wrong setting."""
    settings = read_settings(os.environ, to_serve=True)
    if isinstance(settings, Failure):
        raise SystemExit("\n".join(settings.failure().problems))
    configure_logging(settings.unwrap().log_level)
    return Container(settings=settings.unwrap(), statement_seconds=STATEMENT_SECONDS).http_app()
