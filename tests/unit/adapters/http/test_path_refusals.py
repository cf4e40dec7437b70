"""The refusal of an unknown path."""

import pytest

from adapters.fhir.operation_outcome import IssueType
from adapters.http.protocol_refusals import nothing_at
from adapters.http.status_codes import Refusal

OPERATION = "/fhir/Organization/$generate-invitation-tokens"
CALLS = (
    f"POST {OPERATION}, POST /fhir/Patient/$status-query, POST /fhir/Patient/$invitation-status, "
    "POST /fhir/Patient/$revoke-invitations, POST /fhir/Patient/$claim-invitation and "
    "POST /fhir/Patient/$confirm-registration"
)


def not_found(diagnostics: str) -> Refusal:
    return Refusal(404, IssueType.NOT_FOUND, diagnostics)


@pytest.mark.parametrize(
    "path", [OPERATION.replace("fhir", "FHIR"), "/fhirs", "/", "/favicon.ico", "/health"]
)
def test_nothing_is_named_outside_fhir(path: str) -> None:
    assert nothing_at(path) == not_found("There is nothing at this path.")


@pytest.mark.parametrize(
    "path",
    [
        "/fhir",
        "/fhir/",
        "/fhir/Patient",
        "/fhir/Patient/9992000007",
        "/fhir/Organization/generate-invitation-tokens",
        f"{OPERATION}/more",
        "/fhir/\0",
        "/fhir/\N{LATIN SMALL LETTER Y WITH DIAERESIS}",
        "/fhir/OperationDefinition/Patient-t-status-query/_history",
    ],
)
def test_everything_that_exists_is_named_within_fhir(path: str) -> None:
    assert nothing_at(path) == not_found(
        f"There is nothing at this path. There are {CALLS}, "
        "and to read CodeSystem, OperationDefinition and metadata."
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/fhir/$generate-invitation-tokens", id="system"),
        pytest.param("/fhir/Organization/9992000007/$generate-invitation-tokens", id="instance"),
        pytest.param("/fhir/Patient/$generate-invitation-tokens", id="other_type"),
    ],
)
def test_an_operation_on_another_level_is_led_to_its_type(path: str) -> None:
    assert nothing_at(path) == not_found(f"The operation is on the type Organization: POST {OPERATION}.")


@pytest.mark.parametrize(
    "path", ["/fhir/Organization/$generate", f"{OPERATION}x", "/fhir/$", "/fhir/Any/1/$x"]
)
def test_the_operations_are_named_to_a_caller_of_another(path: str) -> None:
    assert nothing_at(path) == not_found(f"There is no such operation. There are {CALLS}.")


@pytest.mark.parametrize("resource_id", ["9992000007", "patient-t-status-query"])
def test_the_definitions_are_named_to_a_reader_of_another(resource_id: str) -> None:
    assert nothing_at(f"/fhir/OperationDefinition/{resource_id}") == not_found(
        "There is no OperationDefinition of this id. "
        "There are Organization-t-generate-invitation-tokens, Patient-t-claim-invitation, "
        "Patient-t-confirm-registration, Patient-t-invitation-status, Patient-t-revoke-invitations "
        "and Patient-t-status-query."
    )


def test_the_code_systems_are_named_to_a_reader_of_another() -> None:
    assert nothing_at("/fhir/CodeSystem/9992000007") == not_found(
        "There is no CodeSystem of this id. There are omission-reason and response-code."
    )


def test_paths_are_named_as_callers_find_them() -> None:
    refusal = nothing_at("/fhir/Organization/$status-query", "/api/fhir")

    assert refusal == not_found("The operation is on the type Patient: POST /api/fhir/Patient/$status-query.")
