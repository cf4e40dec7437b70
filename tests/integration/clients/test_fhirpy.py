"""fhirpy, a FHIR client for Python, used as documented."""

import json
from typing import Any

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import AuthorizationError, ForbiddenError, OperationOutcome, ResourceNotFound

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.call import asking_for
from tests.integration.http.support.people import ADULT, DECEASED, HOSPITAL, NOT_GRANTED, UNKNOWN_PATIENT
from tests.integration.service import Service

pytestmark = pytest.mark.full

OPERATION = "Organization/$generate-invitation-tokens"
STATUS_OPERATION = "Patient/$status-query"


def client_of(service: Service, access_token: str, **headers: str) -> SyncFHIRClient:
    return SyncFHIRClient(
        f"{service.url}/fhir",
        authorization=f"Bearer {access_token}",
        extra_headers={"X-Org-Public-Id": str(HOSPITAL), **headers},
    )


@pytest.fixture
def client(service: Service, access_token: str) -> SyncFHIRClient:
    return client_of(service, access_token)


def body(*identifiers: RequestedIdentifier) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(asking_for(*identifiers))
    return decoded


def parts(answer: Any) -> list[list[str]]:
    """Give the names of the parts of each entry."""
    return [[part.name for part in entry.part] for entry in answer.parameter]


def code_in(raised: pytest.ExceptionInfo[Exception]) -> str:
    """Read the refusal, which these exceptions have as their text."""
    return str(json.loads(str(raised.value))["issue"][0]["code"])


def test_reads_the_capability_statement(client: SyncFHIRClient) -> None:
    statement = client.execute("metadata", method="get")

    assert (statement.resourceType, statement.fhirVersion) == ("CapabilityStatement", "3.0.2")


def test_finds_the_definition_of_the_operation(client: SyncFHIRClient) -> None:
    definitions = client.resources("OperationDefinition").search(code="generate-invitation-tokens").fetch()

    assert [definition.id for definition in definitions] == ["Organization-t-generate-invitation-tokens"]


def test_calls_the_operation(client: SyncFHIRClient) -> None:
    answer = client.execute(OPERATION, data=body(ADULT, DECEASED))

    assert parts(answer) == [["patientIdentifier", "code", "token", "expiry"]]
    assert answer.parameter[0].part[0].valueIdentifier.value == ADULT.value


def test_calls_the_status_query(client: SyncFHIRClient) -> None:
    answer = client.execute(STATUS_OPERATION, data=body(ADULT, UNKNOWN_PATIENT))

    assert parts(answer) == [
        ["patientIdentifier", "deceased", "registered", "dateOfBirth"],
        ["patientIdentifier", "diagnostics"],
    ]


def test_raises_a_refusal_as_an_operation_outcome(client: SyncFHIRClient) -> None:
    with pytest.raises(OperationOutcome) as raised:
        client.execute(OPERATION, data=body(ADULT, RequestedIdentifier("urn:x", "1")))

    [issue] = raised.value.resource["issue"]
    assert (issue["code"], issue["expression"]) == ("not-supported", ["Parameters.parameter[1].value"])


def test_raises_a_lack_of_authentication_as_such(service: Service) -> None:
    with pytest.raises(AuthorizationError) as raised:
        client_of(service, "made-up").execute(OPERATION, data=body(ADULT))

    assert code_in(raised) == "login"


def test_raises_a_lack_of_permission_as_such(service: Service, access_token: str) -> None:
    client = client_of(service, access_token, **{"X-Org-Public-Id": str(NOT_GRANTED)})

    with pytest.raises(ForbiddenError) as raised:
        client.execute(OPERATION, data=body(ADULT))

    assert code_in(raised) == "forbidden"


def test_raises_an_unknown_resource_as_not_found(client: SyncFHIRClient) -> None:
    with pytest.raises(ResourceNotFound) as raised:
        client.execute("Organization/$other", data=body(ADULT))

    assert code_in(raised) == "not-found"
