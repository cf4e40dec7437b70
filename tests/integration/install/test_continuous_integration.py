"""The public workflows run what a developer runs, with pinned actions and no right that they do without."""

import re
from typing import Any

import pytest
import yaml

from requirements.closure import PYTHONS
from tests.integration.architecture.source import ROOT

WORKFLOWS = {path.stem: path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")}
ALL = pytest.mark.parametrize("name", WORKFLOWS)


def workflow(name: str) -> dict[Any, Any]:
    """Read a workflow."""
    content: dict[Any, Any] = yaml.safe_load(WORKFLOWS[name])
    return content


def job(name: str) -> dict[str, Any]:
    """Give the only job of a workflow."""
    [only] = workflow(name)["jobs"].values()
    return dict(only)


def commands(name: str) -> list[str]:
    """Give the commands that a workflow runs."""
    return [step["run"] for step in job(name)["steps"] if "run" in step]


@ALL
def test_each_action_is_pinned_by_commit_and_names_its_version(name: str) -> None:
    actions = re.findall(r"uses: (.*)", WORKFLOWS[name])

    assert actions
    assert [
        each for each in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
    ] == []


@ALL
def test_a_workflow_may_read_and_no_more(name: str) -> None:
    assert workflow(name)["permissions"] == {"contents": "read"}


def test_the_job_of_a_release_alone_may_write() -> None:
    rights = {name: job(name)["permissions"] for name in WORKFLOWS if "permissions" in job(name)}

    assert rights == {"release": {"contents": "write", "id-token": "write", "attestations": "write"}}


def test_ci_runs_make_targets_on_every_python_for_which_the_lock_files_are_proven() -> None:
    installation, *runs = commands("ci")

    assert {"nginx-light", "pgbouncer"} <= {*installation.split()}
    assert runs == ["make demo", "make check", "make test-all"]
    assert job("ci")["strategy"]["matrix"]["python"] == sorted({version for version, _ in PYTHONS})


@pytest.mark.parametrize("name", ["ci", "vulnerabilities"])
def test_it_runs_every_day(name: str) -> None:
    events = workflow(name)[True]  # YAML 1.1 takes the word `on` for a truth

    [schedule] = events["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", schedule["cron"])


def test_the_scan_for_vulnerabilities_reads_what_the_product_runs_with() -> None:
    [command] = commands("vulnerabilities")

    assert "pip-audit" in command
    assert "--requirement requirements/runtime.txt" in command


def test_a_release_is_made_from_a_tag_and_attested_before_it_is_published() -> None:
    steps = [step.get("run") or step["uses"] for step in job("release")["steps"]]
    [attestation] = [step for step in job("release")["steps"] if "attest" in step.get("uses", "")]

    made, attested, published = (
        next(at for at, step in enumerate(steps) if text in step)
        for text in ("dist", "attest-build-provenance", "gh release create")
    )
    assert workflow("release")[True] == {"push": {"tags": ["v*"]}}
    assert made < attested < published
    assert attestation["with"] == {"subject-path": "dist/*"}
