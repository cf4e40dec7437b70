"""The type checker names every module that must handle a new refusal."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.architecture.source import ROOT, SOURCE

pytestmark = pytest.mark.full

_REFUSAL = '\n\nclass Planted(Struct, frozen=True):\n    """A refusal that no caller handles."""\n'


def _modules_that_do_not_type(project: Path) -> set[str]:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-color-output", "--no-error-summary", "src"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        line.split(":")[0].removeprefix("src/") for line in checked.stdout.splitlines() if ": error:" in line
    }


@pytest.fixture(scope="module")
def checked_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Check a copy of the source, so that mypy only has to check again what a plant reaches."""
    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", project)
    _copy_source(project)
    assert _modules_that_do_not_type(project) == set()
    return project


@pytest.fixture
def project(checked_project: Path) -> Path:
    """Give the copy without what an earlier test has planted."""
    _copy_source(checked_project)
    return checked_project


def _copy_source(project: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "swagger_ui")
    shutil.copytree(SOURCE, project / "src", ignore=ignored, dirs_exist_ok=True)


def test_a_refusal_that_a_step_adds_is_named_wherever_the_step_is_called(project: Path) -> None:
    step = project / "src/application/find_patients.py"
    text = step.read_text().replace(
        "-> Result[Sequence[Patient | None], IdentifiersRejected]:",
        "-> Result[Sequence[Patient | None], IdentifiersRejected | Planted]:",
    )
    step.write_text(f"from msgspec import Struct{_REFUSAL}\n\n{text}")

    found = _modules_that_do_not_type(project)

    assert found == {
        "application/find_invited.py",
        "application/generate_invitation_tokens/decide.py",
        "application/query_patient_status.py",
    }


def test_a_refusal_that_the_domain_adds_is_named_in_the_catalogue_of_both_transports(project: Path) -> None:
    domain = project / "src/domain/identifiers.py"
    text = domain.read_text()
    domain.write_text(
        text.replace(
            "InvalidIdentifiers: TypeAlias = ", f"{_REFUSAL}\n\nInvalidIdentifiers: TypeAlias = Planted | "
        )
    )

    found = _modules_that_do_not_type(project)

    assert found == {"adapters/serving/refusals.py"}


def test_an_outcome_that_the_audit_adds_is_named_where_fhir_needs_a_code(project: Path) -> None:
    audit = project / "src/domain/audit.py"
    text = audit.read_text()
    audit.write_text(
        text.replace('    THROTTLED = "throttled"', '    THROTTLED = "throttled"\n    PLANTED = "planted"')
    )

    found = _modules_that_do_not_type(project)

    assert found == {"adapters/fhir/audit_event.py"}


def test_an_omission_reason_that_the_domain_adds_is_named_where_fhir_explains_it(project: Path) -> None:
    eligibility = project / "src/domain/eligibility.py"
    text = eligibility.read_text()
    eligibility.write_text(
        text.replace('    DECEASED = "deceased"', '    DECEASED = "deceased"\n    PLANTED = "planted"')
    )

    found = _modules_that_do_not_type(project)

    assert found == {"adapters/fhir/conformance/code_systems.py"}


def test_no_result_is_asked_in_a_way_that_loses_the_type_of_its_error() -> None:
    asked = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "isinstance(" in (text := path.read_text()) and (", Failure)" in text or ", Success)" in text)
    ]

    assert asked == ["domain/results.py"]
