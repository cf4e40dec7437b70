"""The lock files lack nothing that any library in them requires, on every Python and system."""

import re

import pytest

from requirements.closure import contradictions, main, pins, problems, wanted
from tests.integration.architecture.source import ROOT

LOCKS = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("build", "runtime", "dev")}
WANTED = wanted((ROOT / "pyproject.toml").read_text())


def _without(lock: str, name: str) -> str:
    return re.sub(rf"(?m)^{re.escape(name)}==.*\n(    --hash.*\n)+", "", lock)


def test_the_lock_files_are_closed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(LOCKS)

    assert (code, capsys.readouterr().out) == (0, "closed: build, runtime, dev\n")


@pytest.mark.parametrize("name", [pin.name for pin in pins(LOCKS["runtime"])])
def test_each_missing_line_is_reported(name: str) -> None:
    lock = pins(_without(LOCKS["runtime"], name))

    assert len(lock) == len(pins(LOCKS["runtime"])) - 1
    assert re.search(
        rf"(?i) requires {re.sub('[-_.]', '[-_.]', name)}\b", " ".join(problems(lock, WANTED["runtime"]))
    )


def test_a_missing_requirement_of_another_system_is_reported() -> None:
    lock = pins(_without(LOCKS["dev"], "colorama"))

    found = problems(lock, WANTED["dev"])

    assert found != set()
    assert [each for each in found if not each.endswith(", win32")] == []


def test_a_pin_that_is_too_old_for_a_library_is_named() -> None:
    lock = pins(re.sub(r"(?m)^(typing-extensions)==\S+", r"\1==4.0", LOCKS["runtime"]))

    assert any("requires typing-extensions>=4.6" in each for each in problems(lock, WANTED["runtime"]))


def test_a_line_that_nothing_requires_is_named() -> None:
    lock = [*pins(LOCKS["runtime"]), *pins("hatchling==1.33.0")]

    assert problems(lock, WANTED["runtime"]) == {"nothing requires hatchling"}


def test_a_version_with_unknown_requirements_is_named() -> None:
    lock = pins(LOCKS["runtime"].replace("colorama==0.4.6", "colorama==0.4.7"))

    assert any("add it to ELSEWHERE" in each for each in problems(lock, WANTED["runtime"]))


def test_lock_files_that_pin_different_versions_are_named() -> None:
    locks = {"runtime": pins("anyio==4.0"), "dev": pins("anyio==4.1\nruff==1.0")}

    assert contradictions(locks) == {"runtime and dev pin different versions of anyio"}
