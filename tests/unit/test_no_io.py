import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.no_io import IoRefusedError


def _connect() -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


def _listen() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))


@pytest.mark.parametrize(
    "reach_out",
    [
        pytest.param(lambda: Path("/dev/null").read_bytes(), id="read-a-file"),
        pytest.param(lambda: Path("written-by-a-test").write_text("text"), id="write-a-file"),
        pytest.param(lambda: os.open("/dev/null", os.O_RDONLY), id="open-a-descriptor"),
        pytest.param(lambda: Path("left-by-a-test").unlink(), id="remove-a-file"),
        pytest.param(_connect, id="connect-a-socket"),
        pytest.param(_listen, id="bind-a-socket"),
        pytest.param(lambda: socket.getaddrinfo("localhost", 80), id="look-up-a-host"),
        pytest.param(lambda: subprocess.run([sys.executable, "-V"], check=True), id="start-a-process"),
        pytest.param(lambda: os.system("true"), id="start-a-shell"),
        pytest.param(os.fork, id="fork"),
        pytest.param(lambda: sqlite3.connect(":memory:"), id="open-a-database"),
    ],
)
def test_a_unit_test_cannot(reach_out: Callable[[], object]) -> None:
    with pytest.raises(IoRefusedError):
        reach_out()


async def test_an_async_unit_test_cannot_connect_either() -> None:
    with pytest.raises(IoRefusedError):
        await asyncio.open_connection("127.0.0.1", 9)


def test_source_code_can_be_read_for_imports_and_tracebacks() -> None:
    assert Path(__file__).read_text(encoding="utf-8")
