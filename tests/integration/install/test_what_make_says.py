"""If a fresh machine lacks something, the first line that make prints says so and what to do."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.architecture.source import ROOT
from tests.integration.install.make import environment, make

pytestmark = pytest.mark.full

Demo = Callable[..., str]


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """Give a way to run `make demo` in a fresh copy, of which it returns the first line."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")

    def run(*arguments: str, **settings: str) -> str:
        process = make("demo", "UV=", *arguments, cwd=tmp_path, env=environment(**settings))
        assert process.returncode == 2
        return (process.stdout + process.stderr).splitlines()[0]

    return run


def _python(path: Path, *lines: str) -> Path:
    """Write a program that does some things otherwise than Python."""
    path.write_text("\n".join(["#!/bin/sh", *lines, f'exec "{sys.executable}" "$@"']))
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("found", [["exit 1"], None], ids=["too old", "missing"])
def test_a_python_that_is_too_old_or_missing(demo: Demo, tmp_path: Path, found: list[str] | None) -> None:
    python = _python(tmp_path / "old", *found) if found else tmp_path / "missing"

    line = demo(f"PYTHON={python}")

    assert line == (
        "This needs Python 3.11 or newer. Install it, or name it: make demo PYTHON=/path/to/python3.12"
    )


def test_a_python_without_venv_leaves_nothing_that_looks_like_an_environment(
    demo: Demo, tmp_path: Path
) -> None:
    fails = 'case "$*" in "-m venv"*) mkdir .venv; touch .venv/pyvenv.cfg; echo no ensurepip; exit 1;; esac'
    python = _python(tmp_path / "python", fails)

    line = demo(f"PYTHON={python}")

    assert line == (
        f"{python} cannot make a virtual environment. On Debian and Ubuntu, install python3-venv first."
    )
    assert not (tmp_path / ".venv" / "pyvenv.cfg").exists()


def test_an_index_that_cannot_be_reached(demo: Demo) -> None:
    nowhere = "http://127.0.0.1:9/simple"

    line = demo(f"PYTHON={sys.executable}", PIP_INDEX_URL=nowhere, PIP_RETRIES="0")

    assert line == (
        "The libraries cannot be installed. If the package index cannot be reached, check the network, the "
        "proxy and the settings of pip, then try again."
    )


def test_an_older_python3_is_passed_over_for_a_newer_one_by_its_full_name(demo: Demo, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    _python(programs / "python3", "exit 1")
    for name in ("python3.14", "python3.13"):
        _python(programs / name, "exit 1")
    _python(programs / "python3.12", 'case "$*" in "-m venv"*) exit 1;; esac')

    line = demo(PATH=f"{programs}:/usr/bin:/bin")

    assert line.startswith("python3.12 cannot make a virtual environment.")
