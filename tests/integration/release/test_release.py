"""A release is whole, the same bytes each time, says what it runs with, and does without its source."""

import re
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from msgspec import json

from tests.integration.architecture.source import ROOT, SOURCE
from tests.integration.commands.shell import FAR_TOO_LONG, Outcome, environment
from tests.integration.commands.shown_demo import INVITED, OMITTED, invited, omitted, shown_table

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSION = PROJECT["version"]
DIRECT = {re.split(r"[\[>]", each)[0] for each in PROJECT["dependencies"]}
PACKAGES = ("domain", "application", "adapters", "entrypoints")

PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; [^\\\n]*)?((?: \\\n +--hash=sha256:\w+)+)$", re.MULTILINE)
HASH = re.compile(r"sha256:(\w+)")


def _digests(directory: Path) -> Mapping[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()}


@pytest.fixture(scope="session")
def bill(release: Path) -> bytes:
    """Give the bill of materials."""
    return (release / "invitation-tokens.cdx.json").read_bytes()


@pytest.fixture(scope="session")
def sdist_names(release: Path) -> set[str]:
    """Give the files of the source distribution, below its one directory."""
    [archive] = release.glob("*.tar.gz")
    with tarfile.open(archive) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames()}


def test_a_release_is_a_wheel_a_source_distribution_and_a_bill_of_materials(release: Path) -> None:
    assert {path.name for path in release.iterdir()} == {
        f"invitation_tokens-{VERSION}-py3-none-any.whl",
        f"invitation_tokens-{VERSION}.tar.gz",
        "invitation-tokens.cdx.json",
    }


def test_two_releases_of_the_same_source_are_the_same_to_the_byte(release: Path, same_release: Path) -> None:
    assert _digests(release) == _digests(same_release)


# the wheel is built from it, so it holds the sources of the wheel
@pytest.mark.parametrize(
    "name",
    [
        "Makefile",
        "README.md",
        "docs/operations/monitor.md",
        "proto/invitations/v1/invitations.proto",
        "requirements/dev.txt",
        "tests/conftest.py",
        "tests/integration/node/package-lock.json",
    ],
)
def test_the_source_distribution_holds_what_checks_and_tests_need(sdist_names: set[str], name: str) -> None:
    assert name in sdist_names


def test_the_source_distribution_holds_nothing_that_was_made_on_this_machine(sdist_names: set[str]) -> None:
    made_here = (".git", ".venv", ".hypothesis", ".mypy_cache", "dist", "mutants")

    assert {name.partition("/")[0] for name in sdist_names} & {*made_here} == set()
    assert not [name for name in sdist_names if name.endswith(".pyc")]


def test_the_bill_of_materials_is_valid_by_the_schema_of_cyclonedx(bill: bytes) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None


def test_the_bill_of_materials_is_of_this_product_and_names_its_licence(bill: bytes) -> None:
    component = json.decode(bill)["metadata"]["component"]

    assert component["name"] == "invitation-tokens"
    assert [each["license"]["id"] for each in component["licenses"] if "id" in each["license"]] == [
        "Apache-2.0"
    ]


def test_the_bill_of_materials_names_every_runtime_library_with_version_and_hashes(bill: bytes) -> None:
    locked = (ROOT / "requirements" / "runtime.txt").read_text()
    pinned = {(name, version): {*HASH.findall(hashes)} for name, version, hashes in PINNED.findall(locked)}

    listed = {(each["name"], each["version"]): _hashes(each) for each in json.decode(bill)["components"]}

    assert len(pinned) == len(re.findall(r"^\S+==", locked, re.MULTILINE)) > 0
    assert listed == pinned


def test_the_bill_of_materials_names_a_licence_of_every_library(bill: bytes) -> None:
    components = json.decode(bill)["components"]

    licences = [each.get("expression") or each["license"] for part in components for each in part["licenses"]]
    assert [part["name"] for part in components if not part["licenses"]] == []
    assert [each for each in licences if not isinstance(each, str) and not {"id", "name"} & {*each}] == []


def test_the_bill_of_materials_says_which_library_needs_which(bill: bytes) -> None:
    content = json.decode(bill)
    needed = {each["ref"]: {*each["dependsOn"]} for each in content["dependencies"]}
    references = {each["bom-ref"] for each in content["components"]}

    product = content["metadata"]["component"]["bom-ref"]
    assert needed.keys() == references | {product}
    assert set().union(*needed.values()) == references
    assert {name.partition("==")[0] for name in needed[product]} == DIRECT


def _hashes(component: Mapping[str, Any]) -> set[str]:
    return {each["content"] for reference in component["externalReferences"] for each in reference["hashes"]}


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Give a directory to work in that holds nothing."""
    directory = tmp_path / "empty"
    directory.mkdir()
    return directory


def _run(directory: Path, program: Path, *arguments: str) -> Outcome:
    process = subprocess.run(
        [program, *arguments],
        cwd=directory,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=FAR_TOO_LONG,
    )
    return Outcome(process.returncode, process.stdout, process.stderr)


def test_the_wheel_holds_every_file_of_the_source_and_nothing_else(wheel: Path) -> None:
    sources = {
        f"{path.relative_to(SOURCE)}"
        for path in SOURCE.rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }

    names = zipfile.ZipFile(wheel).namelist()

    assert {name for name in names if ".dist-info/" not in name} == sources


def test_every_package_is_imported_from_where_the_wheel_was_installed(installed: Path, empty: Path) -> None:
    code = f"import {', '.join(PACKAGES)}; print(*(each.__file__ for each in ({', '.join(PACKAGES)})))"

    outcome = _run(empty, installed / "python", "-c", code)

    assert {Path(file).is_relative_to(installed.parent) for file in outcome.output.split()} == {True}


def test_the_command_of_the_wheel_prints_the_version_of_the_source(installed: Path, empty: Path) -> None:
    outcome = _run(empty, installed / "invitations", "--version")

    assert outcome == Outcome(0, f"invitations, version {VERSION}\n", "")


def test_the_demo_runs_from_the_wheel_and_leaves_nothing_behind(installed: Path, empty: Path) -> None:
    outcome = _run(empty, installed / "invitations", "demo")

    table = shown_table(outcome.output)
    assert (outcome.code, outcome.error) == (0, "")
    assert (invited(table), omitted(table)) == (INVITED, OMITTED)
    assert [*empty.iterdir()] == []
