"""The examples in docs/integrators.md, taken out of it and run against the service."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.integration.authorisation_server.arrangement import JWT
from tests.integration.documented_examples import Example, examples_in
from tests.integration.fhir_judges import judge, judge_xml
from tests.integration.http.support.issuer import CLIENT_ID
from tests.integration.http.support.people import HOSPITAL, PUBLISHED
from tests.integration.node.oauth_server import OAuthServer
from tests.integration.node.programs import DIRECTORY, node_on_text
from tests.integration.service import Service

pytestmark = pytest.mark.full

GUIDE = Path(__file__).parents[3].joinpath("docs", "integrators.md").read_text(encoding="utf-8")
SKETCHES = {"csharp", "java"}


EXAMPLES = examples_in(GUIDE)
COMMANDS = {
    "bash": lambda: ["bash", "-euo", "pipefail", "-s"],
    "python": lambda: [sys.executable, "-W", "error", "-"],
    "javascript": node_on_text,
}
JUDGES = {"json": judge, "xml": judge_xml}


def of(*languages: str) -> list[object]:
    return [
        pytest.param(each, id=f"{each.heading}-{each.language}".replace(" ", "_"))
        for each in EXAMPLES
        if each.language in languages
    ]


@pytest.fixture(scope="module")
def environment(oauth_server: OAuthServer, service: Service, access_token: str) -> Mapping[str, str]:
    """Give the values that the guide assumes."""
    return {
        **os.environ,
        "BASE_URL": f"{service.url}/fhir",
        "TOKEN_URL": f"{oauth_server.issuer}/token",
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": str(JWT.clients[CLIENT_ID]),
        "ORGANISATION": str(HOSPITAL),
        "ACCESS_TOKEN": access_token,
    }


@pytest.mark.parametrize("example", of(*COMMANDS))
def test_an_example_works(environment: Mapping[str, str], example: Example) -> None:
    ended = subprocess.run(
        COMMANDS[example.language](),
        input=example.text,
        cwd=DIRECTORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    assert re.search(rf'"access_token"|{PUBLISHED.value}|"not-found"|^1 invited$', ended.stdout), ended.stdout


@pytest.mark.parametrize("example", of(*JUDGES))
def test_a_resource_is_legal(example: Example) -> None:
    without_indents = re.sub(r">\s+(?=<|$)", ">", example.text)

    JUDGES[example.language](without_indents.encode())


def test_every_example_runs_or_is_marked_as_a_sketch() -> None:
    assert {each.language for each in EXAMPLES} == {*COMMANDS, *JUDGES, *SKETCHES}
    assert "These two are sketches" in GUIDE


def test_the_table_of_refusals_has_every_status_of_the_openapi_document(service: Service) -> None:
    paths = httpx.get(f"{service.url}/schema").json()["paths"].values()
    statuses = {status for path in paths if "post" in path for status in path["post"]["responses"]}

    explained = set(re.findall(r"(?m)^\| (\d{3}) \|", GUIDE))
    # a documented call of an operation never gets this
    assert explained - {"405"} == statuses - {"200"}


def test_the_guide_names_every_header_of_the_openapi_document(service: Service) -> None:
    parameters = httpx.get(f"{service.url}/schema").json()["components"]["parameters"].values()

    named = set(re.findall(r"(?m)^\| `([A-Za-z-]+)` \|", GUIDE))
    assert {each["name"] for each in parameters if each["in"] == "header"} <= named
