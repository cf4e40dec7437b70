"""Reads compose.yaml by Docker Compose."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tests.integration.deploy.image import ROOT

SAMPLE = ROOT / "deploy" / "compose"
SECRETS = "/run/secrets"
PROGRAMS = Path(sys.executable).parent

_SECONDS = 60


@cache
def services() -> dict[str, Any]:
    """Give the services that compose.yaml describes, checked and complete."""
    command = [
        str(PROGRAMS / "docker-compose"),
        "--file",
        str(ROOT / "compose.yaml"),
        "config",
        "--format=json",
    ]
    environment = {"PATH": os.defpath}
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    return dict(msgspec.json.decode(ended.stdout)["services"])


def environment(service: str, secrets: Path) -> dict[str, str]:
    """Give the environment of a service, whose secrets are in a directory of this machine."""
    variables: Mapping[str, str] = services()[service]["environment"]
    return {name: value.replace(SECRETS, str(secrets)) for name, value in variables.items()}


def make_secrets(directory: Path) -> None:
    """Run the script of the service `secrets` in a directory of this machine."""
    _interpreter, program, directory_there = services()["secrets"]["entrypoint"]
    assert directory_there == SECRETS
    command = [sys.executable, program.replace("/sample", str(SAMPLE)), str(directory)]
    subprocess.run(command, env=environment("secrets", directory), timeout=_SECONDS, check=True)
