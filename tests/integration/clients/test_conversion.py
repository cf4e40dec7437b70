"""The npm package fhir makes of an answer in JSON the answer in XML, and the other way round.

It knows FHIR R4 and later, so of OperationDefinition and CapabilityStatement it loses what only STU3 has.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from lxml import etree

from domain.identifiers import RequestedIdentifier
from tests.builders import NHS
from tests.fhir_builders import parameters
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.people import ADULT, CROWD, DECEASED, ELSEWHERE, UNKNOWN_PATIENT
from tests.integration.node.programs import run_node
from tests.integration.service import Service

pytestmark = pytest.mark.full

# without a tab: the package writes it unescaped into an attribute, where XML reads it as a space
ODD = RequestedIdentifier(NHS, " <&\"'>]]>\n\r\N{NO-BREAK SPACE}\N{GRINNING FACE} ")
BAD = {"name": "patientIdentifier", "valueIdentifier": {"system": 1}}

TOLD = {"Prefer": "return=OperationOutcome"}
CALLS: Mapping[str, tuple[str, bytes, Mapping[str, str | None]]] = {
    "tokens": (OPERATION, asking_for(*CROWD[:3]), {}),
    "nobody": (OPERATION, asking_for(UNKNOWN_PATIENT), {}),
    "outcome": (OPERATION, asking_for(ADULT, DECEASED, ODD), TOLD),
    "nobody_left_out": (OPERATION, asking_for(ADULT), TOLD),
    "statuses": (STATUS_OPERATION, asking_for(ADULT, ELSEWHERE, UNKNOWN_PATIENT, ODD), {}),
    "no_access_token": (OPERATION, asking_for(ADULT), {"Authorization": None}),
    "no_organisation": (OPERATION, asking_for(ADULT), {"X-Org-Public-Id": None}),
    "not_valid": (OPERATION, parameters(BAD, BAD), {}),
    "unsupported_system": (STATUS_OPERATION, asking_for(RequestedIdentifier("urn:x", "1")), {}),
    "no_such_operation": ("/fhir/Patient/$everything", b"", {}),
}
READS = {
    "code_system": "/fhir/CodeSystem/omission-reason",
    "code_systems": "/fhir/CodeSystem",
    "no_such_code_system": "/fhir/CodeSystem/x",
}


@pytest.fixture(scope="module")
def answers(service: Service, access_token: str) -> dict[str, dict[str, str]]:
    """Give each answer in both formats; under the same Idempotency-Key it is the same."""
    with httpx.Client(base_url=service.url, timeout=30) as client:
        return {name: _in_both_formats(client, access_token, name) for name in (*CALLS, *READS)}


@pytest.fixture(scope="module")
def converted(answers: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Convert each answer by the package: JSON to `xml`, and XML to `json`."""
    written = run_node("convert.mjs", stdin=json.dumps([*answers.values()]).encode())
    return dict(zip(answers, json.loads(written), strict=True))


def _in_both_formats(client: httpx.Client, access_token: str, name: str) -> dict[str, str]:
    return {each: _answer(client, access_token, name, {"_format": each}).text for each in ("json", "xml")}


def _answer(client: httpx.Client, access_token: str, name: str, query: dict[str, str]) -> httpx.Response:
    if name in READS:
        return client.get(READS[name], params=query)
    path, body, changes = CALLS[name]
    headers = request_headers(access_token, {"Idempotency-Key": name, **changes})
    return client.post(path, params=query, headers=headers, content=body)


def canonical(document: str) -> bytes:
    written: bytes = etree.tostring(etree.fromstring(document.encode()), method="c14n2")
    return written


def resource(text: str) -> Any:
    return json.loads(text)


@pytest.mark.parametrize("name", [*CALLS, *READS])
def test_our_json_becomes_our_xml(
    answers: dict[str, dict[str, str]], converted: dict[str, dict[str, str]], name: str
) -> None:
    assert canonical(converted[name]["xml"]) == canonical(answers[name]["xml"])


@pytest.mark.parametrize("name", [*CALLS, *READS])
def test_our_xml_becomes_our_json(
    answers: dict[str, dict[str, str]], converted: dict[str, dict[str, str]], name: str
) -> None:
    assert resource(converted[name]["json"]) == resource(answers[name]["json"])


def test_every_kind_of_answer_is_converted(answers: dict[str, dict[str, str]]) -> None:
    kinds = {resource(answer["json"])["resourceType"] for answer in answers.values()}

    assert kinds == {"Parameters", "OperationOutcome", "CodeSystem", "Bundle"}
