"""fhir-kit-client, a FHIR client for JavaScript, used as documented."""

import json
from typing import Any

import pytest

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.call import asking_for
from tests.integration.http.support.people import ADULT, DECEASED, HOSPITAL, UNKNOWN_PATIENT
from tests.integration.node.oauth_server import OAuthServer
from tests.integration.node.programs import run_node
from tests.integration.service import Service

pytestmark = pytest.mark.full


def operation(name: str, resource_type: str, *identifiers: RequestedIdentifier, **more: Any) -> list[Any]:
    """Describe a call of an operation on a type."""
    body = json.loads(asking_for(*identifiers))
    return ["operation", {"name": name, "resourceType": resource_type, "input": body, **more}]


CALLS: dict[str, list[Any]] = {
    "metadata": ["capabilityStatement", {}],
    "smart": ["smartAuthMetadata", {}],
    "definition": [
        "search",
        {"resourceType": "OperationDefinition", "searchParams": {"code": "status-query"}},
    ],
    "tokens": operation("generate-invitation-tokens", "Organization", ADULT, DECEASED),
    "statuses": operation("status-query", "Patient", ADULT, UNKNOWN_PATIENT),
    "refused": operation("generate-invitation-tokens", "Organization", RequestedIdentifier("urn:x", "1")),
    "by_get": operation("status-query", "Patient", ADULT, method="GET"),
    "other": operation("other", "Organization", ADULT),
    "no_organisation": operation(
        "status-query", "Patient", ADULT, options={"headers": {"X-Org-Public-Id": ""}}
    ),
}


@pytest.fixture(scope="module")
def results(service: Service, access_token: str) -> dict[str, Any]:
    """Make every call in one process."""
    config = {
        "baseUrl": f"{service.url}/fhir",
        "bearerToken": access_token,
        "customHeaders": {"X-Org-Public-Id": str(HOSPITAL)},
    }
    written = run_node("fhir_kit_client.mjs", json.dumps({"config": config, "calls": CALLS}))
    made: dict[str, Any] = json.loads(written)
    return made


def parts(answer: Any) -> list[list[str]]:
    """Give the names of the parts of each entry."""
    return [[part["name"] for part in entry["part"]] for entry in answer["parameter"]]


def test_reads_the_capability_statement(results: dict[str, Any]) -> None:
    assert results["metadata"]["answer"]["fhirVersion"] == "3.0.2"


def test_finds_where_access_tokens_come_from(results: dict[str, Any], oauth_server: OAuthServer) -> None:
    assert results["smart"]["answer"]["tokenUrl"] == f"{oauth_server.issuer}/token"


def test_finds_the_definition_of_an_operation(results: dict[str, Any]) -> None:
    [entry] = results["definition"]["answer"]["entry"]

    assert entry["resource"]["id"] == "Patient-t-status-query"


def test_calls_the_operation(results: dict[str, Any]) -> None:
    assert parts(results["tokens"]["answer"]) == [["patientIdentifier", "code", "token", "expiry"]]


def test_calls_the_status_query(results: dict[str, Any]) -> None:
    assert parts(results["statuses"]["answer"]) == [
        ["patientIdentifier", "deceased", "registered", "dateOfBirth"],
        ["patientIdentifier", "diagnostics"],
    ]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("refused", 422, "not-supported"),
        ("by_get", 405, "not-supported"),
        ("other", 404, "not-found"),
        ("no_organisation", 400, "value"),
    ],
)
def test_throws_a_refusal_with_its_operation_outcome(
    results: dict[str, Any], name: str, status: int, code: str
) -> None:
    result = results[name]

    assert (result["status"], result["refusal"]["resourceType"]) == (status, "OperationOutcome")
    assert result["refusal"]["issue"][0]["code"] == code
