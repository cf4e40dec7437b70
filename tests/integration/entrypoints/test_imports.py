"""Importing a module opens nothing and reads no setting."""

from pathlib import Path

import pytest

from tests.integration.entrypoints.watched import seen_while_running

SRC = Path(__file__).parents[3] / "src"
PROGRAMS = {
    "entrypoints.__main__",  # runs a command
    "adapters.sql.migrations.env",  # run by Alembic
}
REVISIONS = "adapters.sql.migrations.versions.0"
"""Loaded by Alembic: their names are no identifiers."""


def _modules() -> list[str]:
    names = [".".join(path.relative_to(SRC).with_suffix("").parts) for path in sorted(SRC.rglob("*.py"))]
    imported = [name for name in names if name not in PROGRAMS and not name.startswith(REVISIONS)]
    return [name.removesuffix(".__init__") for name in imported]


def test_importing_every_module_opens_nothing_and_reads_no_setting(tmp_path: Path) -> None:
    imports = "\n".join(f"import {name}" for name in _modules())

    assert seen_while_running(imports, tmp_path) == []


def test_every_layer_is_among_the_modules_imported() -> None:
    assert {name.partition(".")[0] for name in _modules()} == {
        "domain",
        "application",
        "adapters",
        "entrypoints",
    }


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        pytest.param("os.environ.get('INVITATIONS_X')", ["environment INVITATIONS_X"], id="setting"),
        pytest.param("os.getenv('INVITATIONS_X')", ["environment INVITATIONS_X"], id="setting-by-getenv"),
        pytest.param("open('x', 'w').close()", ["open x"], id="file"),
        pytest.param("import sqlite3; sqlite3.connect('x').close()", ["sqlite3.connect"], id="database"),
        pytest.param("import socket; socket.socket().close()", ["socket.__new__"], id="socket"),
        pytest.param("open('/dev/null').close(); os.environ.get('HOME')", [], id="what-is-allowed"),
    ],
)
def test_the_watch_detects_io(tmp_path: Path, code: str, seen: list[str]) -> None:
    assert list(dict.fromkeys(seen_while_running(code, tmp_path)))[: len(seen) or 1] == seen
