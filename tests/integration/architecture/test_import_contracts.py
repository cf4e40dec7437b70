"""The import contracts hold, and each of them would notice a violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import Struct

ROOT = Path(__file__).parents[3]


class Planted(Struct, frozen=True):
    """An import where it does not belong, and the contract that forbids it."""

    module: str
    line: str
    contract: str


VIOLATIONS = [
    Planted(
        "domain/eligibility.py",
        "import application.administration.grants",
        "entrypoints > adapters > application > domain",
    ),
    Planted(
        "application/administration/grants.py",
        "import sqlalchemy",
        "domain and application use no library but returns and msgspec",
    ),
    Planted(
        "adapters/sql/organisations.py",
        "import adapters.oauth.jwt",
        "http, grpc and client stand over the other adapters",
    ),
    Planted(
        "adapters/grpc/health.py",
        "import adapters.http.formats",
        "http, grpc and client stand over the other adapters",
    ),
    Planted(
        "domain/confidential.py",
        "import domain.identifiers",
        "no package imports in circles",
    ),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what import-linter reads, for a test to plant a violation in."""
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "swagger_ui")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _broken_contracts(project: Path) -> set[str]:
    linter = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=project,
        env={"PYTHONPATH": str(project / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in linter.stdout, linter.stdout + linter.stderr
    marked = [line.partition(" BROKEN") for line in linter.stdout.splitlines()]
    return {contract for contract, broken, _rest in marked if broken}


def test_no_contract_is_broken(project: Path) -> None:
    assert _broken_contracts(project) == set()


@pytest.mark.parametrize("planted", [pytest.param(each, id=each.module) for each in VIOLATIONS])
def test_a_planted_violation_breaks_its_contract_alone(project: Path, planted: Planted) -> None:
    module = project / "src" / planted.module
    module.write_text(f"{module.read_text()}\n{planted.line}\n")

    assert _broken_contracts(project) == {planted.contract}
