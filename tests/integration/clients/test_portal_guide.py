"""The examples in docs/portal.md, taken out of it and run against the service."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from tests.builders import ADULT
from tests.integration.authorisation_server.arrangement import JWT
from tests.integration.documented_examples import Example, examples_in
from tests.integration.fhir_judges import judge
from tests.integration.http.support.issuer import AUDIENCE, PORTAL_ID, REDEEM_SCOPE
from tests.integration.http.support.people import HOSPITAL, REDEEMERS
from tests.integration.node.oauth_server import OAuthServer
from tests.integration.service import Service

pytestmark = pytest.mark.full

GUIDE = Path(__file__).parents[3].joinpath("docs", "portal.md").read_text(encoding="utf-8")
EXAMPLES = examples_in(GUIDE)
COMMANDS = {"bash": ["bash", "-euo", "pipefail", "-s"], "python": [sys.executable, "-W", "error", "-"]}


def of(*languages: str) -> list[object]:
    return [
        pytest.param(each, id=f"{each.heading}-{each.language}".replace(" ", "_"))
        for each in EXAMPLES
        if each.language in languages
    ]


class Invitations(Struct, frozen=True):
    """Issues the invitations of patients, and claims them; each time it is another patient."""

    service: Service
    access_token: str
    portal_token: str
    numbers: Iterator[int]

    def environment(self) -> Mapping[str, str]:
        """Give what the examples need of a patient."""
        patient = REDEEMERS[next(self.numbers)]
        parameter: dict[str, object] = {
            "name": "patientIdentifier",
            "valueIdentifier": {"system": patient.system, "value": patient.value},
        }
        [issued] = self._call("Organization/$generate-invitation-tokens", self.access_token, parameter)
        parts = {each["name"]: each.get("valueString", "") for each in issued["part"]}
        [claim, _expiry] = self._call(
            "Patient/$claim-invitation",
            self.portal_token,
            {"name": "code", "valueString": parts["code"]},
            {"name": "token", "valueString": parts["token"]},
            {"name": "birthDate", "valueDate": ADULT.isoformat()},
        )
        return {
            "CODE": parts["code"],
            "TOKEN": parts["token"],
            "BIRTH_DATE": ADULT.isoformat(),
            "CLAIM": claim["valueString"],
        }

    def _call(self, path: str, token: str, *parameters: dict[str, object]) -> list[dict[str, Any]]:
        answered = httpx.post(
            f"{self.service.url}/fhir/{path}",
            headers={
                "Authorization": f"Bearer {token}",
                "X-Org-Public-Id": str(HOSPITAL),
                "Content-Type": "application/fhir+json",
            },
            json={"resourceType": "Parameters", "parameter": parameters},
            timeout=30,
        )
        answer: list[dict[str, Any]] = answered.raise_for_status().json()["parameter"]
        return answer


@pytest.fixture(scope="module")
def portal_token(oauth_server: OAuthServer) -> str:
    return oauth_server.access_token(PORTAL_ID, scope=REDEEM_SCOPE, resource=AUDIENCE)


@pytest.fixture(scope="module")
def invitations(service: Service, access_token: str, portal_token: str) -> Invitations:
    return Invitations(service, access_token, portal_token, count(20))


@pytest.mark.parametrize("example", of(*COMMANDS))
def test_an_example_works(
    oauth_server: OAuthServer, invitations: Invitations, portal_token: str, example: Example
) -> None:
    ended = subprocess.run(
        COMMANDS[example.language],
        input=example.text,
        env={
            **os.environ,
            **invitations.environment(),
            "BASE_URL": f"{invitations.service.url}/fhir",
            "TOKEN_URL": f"{oauth_server.issuer}/token",
            "CLIENT_ID": PORTAL_ID,
            "CLIENT_SECRET": str(JWT.clients[PORTAL_ID]),
            "ACCESS_TOKEN": portal_token,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    assert [each for each in ('"access_token"', '"claim"', "nhs-number") if each in ended.stdout]


@pytest.mark.parametrize("example", of("json"))
def test_a_resource_is_legal(example: Example) -> None:
    judge(example.text.encode())
