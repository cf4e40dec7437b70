"""The service for gRPC alone, run as an operator runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.integration.grpc.support.client import grpc_client
from tests.integration.service import Service, end, free_port


@contextmanager
def serving_grpc(
    settings: Mapping[str, str], log: Path, *, workers: int = 1, metrics: bool = False
) -> Iterator[Service]:
    """Run `invitations serve-grpc` until the block ends; its port for HTTP is that for metrics, if any."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    port = free_port()
    metrics_port = free_port() if metrics else 0
    command = [sys.executable, "-m", "entrypoints", "serve-grpc"]
    arguments = ["--port", str(port), "--workers", str(workers)]
    if metrics:
        arguments += ["--metrics-port", str(metrics_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *arguments], env={**inherited, **settings}, stdout=output, stderr=output
        )
    try:
        if "INVITATIONS_GRPC_TLS_CERTIFICATE" not in settings:
            with grpc_client(port):
                pass
        yield Service(metrics_port, process, log, port)
    finally:
        end(process)
