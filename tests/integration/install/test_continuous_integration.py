"""The public workflow runs what a developer runs, on every Python, with actions pinned by commit."""

import re
from typing import Any

import yaml

from requirements.closure import PYTHONS
from tests.integration.architecture.source import ROOT

TEXT = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
[JOB] = WORKFLOW["jobs"].values()


def test_each_action_is_pinned_by_commit_and_names_its_version() -> None:
    actions = re.findall(r"uses: (.*)", TEXT)

    assert [
        each for each in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
    ] == []
    assert len(actions) == 2


def test_it_runs_make_targets_on_every_python_for_which_the_lock_files_are_proven() -> None:
    installation, *runs = [step["run"] for step in JOB["steps"] if "run" in step]

    assert "nginx" in installation
    assert runs == ["make demo", "make check", "make test-all"]
    assert JOB["strategy"]["matrix"]["python"] == sorted({version for version, _ in PYTHONS})


def test_it_may_read_and_no_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in JOB


def test_it_runs_every_day() -> None:
    events = WORKFLOW[True]  # YAML 1.1 takes the word `on` for a truth

    [schedule] = events["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", schedule["cron"])
