"""Writes the bill of materials of a release (CycloneDX): libraries, their licences, and what needs them.

.venv/bin/python -m requirements.bill_of_materials FILE

Names, versions and hashes come from `runtime.txt`, licences from the metadata of the installed libraries, and
the dependencies from the requirements that `requirements.closure` proves complete.
https://cyclonedx.org/docs/1.6/json/
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements.closure import Pins, applies_anywhere, pins, release_of, requirements_of

# libraries whose metadata names no licence that CycloneDX knows; by version, so that each new one is checked;
# source: the LICENSE in their wheels
UNDECLARED = {
    "colorama==0.4.6": "BSD-3-Clause",
    "protobuf==7.36.2": "BSD-3-Clause",
    "rich-click==1.9.9": "MIT",
}

FOLDER = Path(__file__).parent
PROJECT = FOLDER.parent / "pyproject.toml"
LOCK = FOLDER / "runtime.txt"

Component = dict[str, Any]


def bill_of_materials() -> dict[str, Any]:
    """Make the bill. Raises ValueError for a library without a licence."""
    bill = _made("requirements", LOCK)
    installed = {_release(each): each for each in _made("environment", sys.executable)["components"]}
    for component in bill["components"]:
        component["bom-ref"] = _release(component)
        component["licenses"] = _licences(component, installed)
        # says no more than the line of the lock file
        del component["description"]
    root = bill["metadata"]["component"]["bom-ref"]
    bill["dependencies"] = [
        {"ref": name, "dependsOn": sorted(needed)} for name, needed in sorted(_dependencies(root).items())
    ]
    return bill


def _made(kind: str, subject: object) -> dict[str, Any]:
    # that a lock file does not say who needs what is all that the library would warn of
    command = [sys.executable, "-W", "ignore::UserWarning", "-m", "cyclonedx_py", kind, f"{subject}"]
    options = ["--pyproject", f"{PROJECT}", "--output-reproducible", "--no-validate"]
    printed = subprocess.run([*command, *options], check=True, capture_output=True).stdout  # noqa: S603 - nothing of it comes from outside
    made: dict[str, Any] = json.loads(printed)
    return made


def _release(component: Component) -> str:
    return f"{canonicalize_name(component['name'])}=={component['version']}"


def _licences(component: Component, installed: Mapping[str, Component]) -> list[dict[str, Any]]:
    release = _release(component)
    declared: list[dict[str, Any]] = installed.get(release, {}).get("licenses", [])
    if declared:
        return declared
    if release not in UNDECLARED:
        raise ValueError(f"the licence of {release} is not known: add it to UNDECLARED")
    return [{"license": {"id": UNDECLARED[release], "acknowledgement": "concluded"}}]


def _dependencies(root: str) -> dict[str, set[str]]:
    """Give the releases that each one depends on, in any environment that the lock file is for."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    locked: dict[str, Requirement] = {canonicalize_name(pin.name): pin for pin in pins(LOCK.read_text())}
    required: dict[str, Pins] = {name: requirements_of(pin) or () for name, pin in locked.items()}
    required[root] = [*map(Requirement, project["dependencies"])]
    extras: dict[str, set[str]] = {name: {""} for name in required}
    for requirement in (each for needed in required.values() for each in needed if each.extras):
        extras.setdefault(canonicalize_name(requirement.name), {""}).update(requirement.extras)
    return {
        release_of(locked[name]) if name in locked else name: {
            release_of(locked[canonicalize_name(each.name)])
            for each in needed
            if canonicalize_name(each.name) in locked and applies_anywhere(each, extras[name])
        }
        for name, needed in required.items()
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(f"{json.dumps(bill_of_materials(), indent=2, sort_keys=True)}\n")
