"""A process loads the libraries that it uses, and no others."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from entrypoints.loading import OnDemand
from tests.integration.entrypoints.a_setup import REQUIRED
from tests.integration.entrypoints.watched import printed_by

LOADED = "print(*sorted(name for name in {names!r} if name in sys.modules))"

COMMAND = """
import sys
from contextlib import suppress
from entrypoints.cli import main

sys.argv = {arguments!r}
with suppress(SystemExit):
    sys.stdout = sys.stderr
    main()
sys.stdout = sys.__stdout__
"""

WORKER = """
import sys
import entrypoints.commands.serve
from entrypoints.http_process import create_app

create_app()
"""

SERVERS = ("granian", "grpc", "litestar", "sqlalchemy", "uvloop")
# the names of attributes and interfaces of OpenTelemetry are loaded by other libraries, where it is installed
UNUSED_BY_HTTP = (
    "adapters.client",
    "adapters.csv",
    "adapters.grpc.server",
    "adapters.letters",
    "alembic",
    "entrypoints.demo",
    "google.protobuf",
    "grpc",
    "jinja2",
    "mako",
    "opentelemetry.exporter",
    "opentelemetry.sdk",
    "reportlab",
    "segno",
)


def _loaded(code: str, names: tuple[str, ...], directory: Path, settings: Mapping[str, str]) -> list[str]:
    return printed_by(f"{code}\n{LOADED.format(names=names)}", directory, settings).split()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["generat"]], ids=" ".join)
def test_what_runs_no_command_loads_no_server(tmp_path: Path, arguments: list[str]) -> None:
    code = COMMAND.format(arguments=["invitations", *arguments])

    assert _loaded(code, SERVERS, tmp_path, {}) == []


def test_serving_http_loads_neither_grpc_nor_migrations_nor_what_other_commands_use(tmp_path: Path) -> None:
    assert _loaded(WORKER, UNUSED_BY_HTTP, tmp_path, REQUIRED) == []


def test_the_libraries_that_serving_uses_are_found_by_the_same_means(tmp_path: Path) -> None:
    assert _loaded(WORKER, SERVERS, tmp_path, REQUIRED) == ["granian", "litestar", "sqlalchemy", "uvloop"]


@pytest.mark.parametrize("each", OnDemand)
def test_what_is_loaded_on_demand_exists(each: OnDemand) -> None:
    assert callable(each.loaded())
