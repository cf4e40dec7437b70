"""schemathesis reads the OpenAPI document, makes requests of it, and compares the answers with it."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.integration.http.support.people import HOSPITAL
from tests.integration.service import Service

pytestmark = pytest.mark.full

COMMAND = str(Path(sys.executable).with_name("schemathesis"))
ORGANISATION = {"X-Org-Public-Id": str(HOSPITAL)}

# a schema of OpenAPI cannot say which systems are supported, or what XML may hold
NOT_CHECKED = "positive_data_acceptance"


def findings(service: Service, directory: Path, headers: Mapping[str, str], phases: str) -> str:
    """Run it, the same at every time, and give its report, unless it found nothing."""
    arguments = ["run", f"{service.url}/schema", "--exclude-checks", NOT_CHECKED, "--phases", phases]
    bounds = ["--generation-deterministic", "--max-examples", "15", "--request-timeout", "30"]
    sent = [argument for name, value in headers.items() for argument in ("--header", f"{name}: {value}")]
    command = [COMMAND, "--no-color", *arguments, *bounds, *sent]
    ended = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    described = httpx.get(f"{service.url}/schema").json()["paths"].values()
    is_complete = f"Tested: {sum(map(len, described))}\n" in ended.stdout
    return "" if is_complete and ended.returncode == 0 else ended.stdout + ended.stderr


def test_finds_nothing_with_an_access_token(service: Service, access_token: str, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {access_token}", **ORGANISATION}

    assert findings(service, tmp_path, headers, "examples,coverage,fuzzing") == ""


def test_finds_nothing_without_one(service: Service, tmp_path: Path) -> None:
    assert findings(service, tmp_path, ORGANISATION, "examples,fuzzing") == ""
