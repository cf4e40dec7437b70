"""Installs the releases that are measured, each into an environment of its own, as operators install them.

The environment of the benchmarks has libraries that others import where they find them, such as FastAPI:
a service would start and weigh more in it.
"""

import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import click
from msgspec import Struct

_ROOT = Path(__file__).parents[1]
_INSTALLED = _ROOT / ".venv" / "releases"
"""Kept between runs, and removed with .venv."""

BENCH_OF_2026_11_22 = "60148bf10df56b58efabb55d29c8e256c25f9997"
"""The commit whose figures the targets name. It stands for the release before until there is a tag."""


class Release(Struct, frozen=True):
    """An installed release: its name, and the interpreter of its environment."""

    name: str
    python: Path


class NoReleaseBeforeError(Exception):
    """The release before cannot be measured here. The message says why, and what to do."""


def this_release() -> Release:
    """Install what the working tree has, so that a change to it counts."""
    lock = sha256((_ROOT / "requirements" / "runtime.txt").read_bytes()).hexdigest()[:12]
    return Release("service", _environment(_INSTALLED / f"this-{lock}", _ROOT, "--editable", str(_ROOT)))


def release_before(named: str | None) -> Release:
    """Install the release of a commit or tag, else of the newest tag before this commit."""
    wanted = named or _git("describe", "--tags", "--abbrev=0", "HEAD^") or BENCH_OF_2026_11_22
    commit = _git("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}")
    if commit is None:
        raise NoReleaseBeforeError(
            f"this clone does not have the commit {wanted}. Fetch the whole history, or name another commit"
        )
    directory = _INSTALLED / commit[:12]
    source = directory / "source"
    if not source.exists():
        _unpack(commit, source)
    try:
        return Release(commit, _environment(directory, source, str(source)))
    except subprocess.CalledProcessError as error:
        raise NoReleaseBeforeError(f"{commit[:12]} cannot be installed: {error.stderr}") from None


def _git(*arguments: str) -> str | None:
    git = ["git", "-C", str(_ROOT), *arguments]
    try:
        done = subprocess.run(git, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _unpack(commit: str, source: Path) -> None:
    source.mkdir(parents=True)
    archive = ["git", "-C", str(_ROOT), "archive", commit]
    files = subprocess.run(archive, check=True, capture_output=True).stdout  # noqa: S603 - our own command
    subprocess.run(["tar", "-x", "-C", str(source)], input=files, check=True)  # noqa: S603, S607 - as above


def _environment(directory: Path, source: Path, *project: str) -> Path:
    """Make an environment from the lock files of a source, unless a run before has made it."""
    python, complete = directory / "bin" / "python", directory / "complete"
    if complete.exists():
        return python
    click.echo(f"installing {directory.name} into an environment of its own")
    rmtree(directory / "lib", ignore_errors=True)
    requirements = source / "requirements"
    _run([sys.executable, "-m", "venv", str(directory)])
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    for lock in ("build.txt", "runtime.txt"):
        _run([*pip, "--require-hashes", "--requirement", str(requirements / lock)])
    _run([*pip, "--no-build-isolation", *project])
    complete.touch()
    return python


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
