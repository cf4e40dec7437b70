"""The client of the documentation works as documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.grpc.support.client import metadata
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD, DECEASED, HOSPITAL, NOT_GRANTED
from tests.integration.service import Service

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "integrators-grpc.md"
NUMBERS = "\n".join(each.value for each in (*CROWD, DECEASED))


def block(language: str) -> str:
    """Give the only block of code in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return str(found)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Generate the client as documented."""
    (tmp_path / "proto").symlink_to(ROOT / "proto")
    (tmp_path / "client.py").write_text(block("python"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["sh", "-ec", block("sh")], cwd=tmp_path, env={"PATH": path}, check=True)
    return tmp_path


def run_client(
    directory: Path, service: Service, issuer: Issuer, organisation: object = HOSPITAL
) -> subprocess.CompletedProcess[str]:
    authorization = dict(metadata(issuer.access_token()))["authorization"]
    environment = {
        "SERVICE": f"127.0.0.1:{service.grpc_port}",
        "ACCESS_TOKEN": authorization.removeprefix("Bearer "),
        "ORGANISATION": f"{organisation}",
    }
    return subprocess.run(
        [sys.executable, "client.py"],
        cwd=directory,
        env=environment,
        input=NUMBERS,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_writes_a_line_for_each_patient_who_is_invited(
    directory: Path, service: Service, issuer: Issuer
) -> None:
    ended = run_client(directory, service, issuer)

    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, ended.stderr
    assert [number for number, _code, _token, _expiry in lines] == [each.value for each in CROWD]
    assert {len(secret) for _number, *secrets, _expiry in lines for secret in secrets} == {10}


def test_started_again_it_writes_the_same(directory: Path, service: Service, issuer: Issuer) -> None:
    first = run_client(directory, service, issuer)
    second = run_client(directory, service, issuer)

    assert sorted(second.stdout.splitlines()) == sorted(first.stdout.splitlines())


def test_it_prints_the_reason_of_a_refusal(directory: Path, service: Service, issuer: Issuer) -> None:
    ended = run_client(directory, service, issuer, NOT_GRANTED)

    assert ended.returncode == 1
    assert ended.stderr.startswith("PERMISSION_DENIED: You may not act for the organisation")
