"""A release, made as `make dist` makes it, and an environment in which its wheel is installed."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.integration.architecture.source import ROOT

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a release."""
    return _made(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="session")
def same_release(release: Path) -> Path:
    """Give another release of the same source."""
    return _made(release.with_name("again"))


def _made(directory: Path) -> Path:
    # in the environment of these tests, which must not be rebuilt while they run
    command = ["make", "--assume-old=.venv/dev", "dist", f"DIST={directory}", f"BIN={BIN}"]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return directory


@pytest.fixture(scope="session")
def wheel(release: Path) -> Path:
    [wheel] = release.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the programs of an environment that holds the wheel, and sees the libraries of this one.

    To install the libraries as well would take half a minute, and a network. They are reached by a path
    that comes after the environment's own; the product's source is not, because the `.pth` file that leads
    there from this environment is read only where it lies in an environment's own site-packages.
    """
    environment = tmp_path_factory.mktemp("installed")
    venv.create(environment)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", f"{python}"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", f"{wheel}"], capture_output=True, check=True)
    paths = {"base": f"{environment}", "platbase": f"{environment}"}
    own = Path(sysconfig.get_path("purelib", "venv", paths))
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent
