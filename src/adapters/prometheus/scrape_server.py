"""A port at which Prometheus gets the figures where there is no HTTP otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import start_http_server

from adapters.prometheus.workers import all_workers


@contextmanager
def scrape_server(host: str, port: int, directory: Path) -> Iterator[None]:
    """Tell what the workers count in the directory, from a thread, until the block ends. Raises OSError."""
    server, thread = start_http_server(port, host, all_workers(directory))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
