"""Make, and the environment of someone who has set nothing for pip or uv."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.integration.architecture.source import ROOT


def environment(**more: str) -> dict[str, str]:
    """Give the variables of this process without those of installers and of make, and some more."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV", "MAKE"))}
    return mine | {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"} | more


def make(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run make, whether or not it succeeds."""
    command = ["make", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=60)


def variable(name: str, *settings: str) -> list[str]:
    """Give the words of a variable of the Makefile."""
    shown = make("--silent", f"--eval=show: ; @echo $({name})", "show", *settings, env=environment())
    return shown.stdout.split()
