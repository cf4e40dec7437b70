"""The published definitions agree with the specification of the operations."""

from typing import Any

import pytest
from msgspec import json

from adapters.fhir.conformance.operation_definition import operation_definition
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from adapters.fhir.redemption_operations import CLAIM_INVITATION, CONFIRM_REGISTRATION
from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS

SPECIFIED = {
    "url": "http://fhir.patientsknowbest.com/operation/generate-invitation-tokens",
    "name": "generate-invitation-tokens",
    "status": "active",
    "kind": "operation",
    "code": "generate-invitation-tokens",
    "resource": ["Organization"],
    "system": False,
    "type": True,
    "instance": False,
}
SPECIFIED_PARAMETERS = [
    ("patientIdentifier", "in", 1, "500", "token", None),
    ("patientTokens", "out", 1, "500", "multi part parameter", None),
    ("patientIdentifier", "out", 1, "1", "token", "patientTokens"),
    ("token", "out", 1, "1", "string", "patientTokens"),
    ("code", "out", 1, "1", "string", "patientTokens"),
    ("expiry", "out", 1, "1", "DateTime", "patientTokens"),
]
"""Name, use, minimum, maximum, type, and the parameter that it is a part of."""

SPECIFIED_DESCRIPTION = """
This operation allows:

  • a system to generate invitation tokens for 1 or many patients identified by national identifier.

Generates invitation tokens for the patient identified by patientIdentifier (e.g. NHS). Multiple patient
identifiers can be supplied as the input to the operation. This allows the calling system to work in batches.

In addition to the OAuth 2.0 access token, the X-Org-Public-Id HTTP header must be provided in the request to
specify the organisation that wants to generate the tokens. The parameter will be the UUID of the PKB
organisation.
"""
SPECIFIED_OF_IDENTIFIERS = """
Currently only NHS, CHI and Health & Care numbers are supported. Reference:
https://pkbdev.atlassian.net/wiki/spaces/api/pages/3365077531/Identifier+Systems. If an unsupported system
identifier is supplied on the request then the whole request will be rejected and an error returned.
"""
SPECIFIED_OF_TOKENS = """
patientTokens will not be returned where patient is deceased, not found, already registered, has no date of
birth, or is under 16 years old. status-query should be used prior to this operation to confirm the patient
is applicable for invitation.
"""

LEGAL_TYPES = {
    "token": "Identifier",
    "multi part parameter": None,
    "DateTime": "dateTime",
    "string": "string",
}
"""The first three are no types of http://hl7.org/fhir/STU3/valueset-all-types.html ."""

CLAIM_PARAMETERS = [
    ("code", "in", 1, "1", "string", None),
    ("token", "in", 1, "1", "string", None),
    ("birthDate", "in", 1, "1", "date", None),
    ("claim", "out", 1, "1", "string", None),
    ("expiry", "out", 1, "1", "dateTime", None),
]

CONFIRM_PARAMETERS = [
    ("claim", "in", 1, "1", "string", None),
    ("patientIdentifier", "out", 1, "*", "Identifier", None),
    ("organisation", "out", 1, "1", "Identifier", None),
    ("registered", "out", 1, "1", "dateTime", None),
]

STATUS_PARAMETERS = [
    ("patientIdentifier", "in", 1, "5000", "Identifier", None),
    ("patientStatus", "out", 1, "5000", None, None),
    ("patientIdentifier", "out", 1, "1", "Identifier", "patientStatus"),
    ("deceased", "out", 0, "1", "boolean", "patientStatus"),
    ("registered", "out", 0, "1", "boolean", "patientStatus"),
    ("dateOfBirth", "out", 0, "1", "date", "patientStatus"),
    ("diagnostics", "out", 0, "1", "string", "patientStatus"),
]


def published(operation: OperationDeclaration) -> dict[str, Any]:
    return json.decode(json.encode(operation_definition(operation)), type=dict[str, Any])


def words(text: str) -> list[str]:
    return text.split()


def parameters(definition: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (each["name"], each["use"], each["min"], each["max"], each.get("type"), whole)
        for parameter in definition["parameter"]
        for each, whole in [
            (parameter, None),
            *((part, parameter["name"]) for part in parameter.get("part", [])),
        ]
    ]


def test_the_elements_are_those_of_the_specification() -> None:
    definition = published(GENERATE_INVITATION_TOKENS)

    assert {name: definition[name] for name in SPECIFIED} == SPECIFIED


def test_the_parameters_are_those_of_the_specification_with_legal_types() -> None:
    definition = published(GENERATE_INVITATION_TOKENS)

    expected = [(*start, LEGAL_TYPES[kind], whole) for *start, kind, whole in SPECIFIED_PARAMETERS]
    assert parameters(definition) == expected


def test_the_description_is_that_of_the_specification() -> None:
    description = published(GENERATE_INVITATION_TOKENS)["description"]

    assert words(description) == words(SPECIFIED_DESCRIPTION)


@pytest.mark.parametrize(("position", "specified"), [(0, SPECIFIED_OF_IDENTIFIERS), (1, SPECIFIED_OF_TOKENS)])
def test_the_documentation_of_a_parameter_begins_with_that_of_the_specification(
    position: int, specified: str
) -> None:
    documentation = published(GENERATE_INVITATION_TOKENS)["parameter"][position]["documentation"]

    assert words(documentation.split("\n\n")[0]) == words(specified)


def test_the_definition_describes_the_answer_without_eligible_patients() -> None:
    definition = published(GENERATE_INVITATION_TOKENS)

    assert "a Parameters resource without parameters" in definition["parameter"][1]["documentation"]
    assert "a Parameters resource without parameters" in definition["comment"]


def test_status_query_has_the_published_parameters() -> None:
    definition = published(STATUS_QUERY)

    assert parameters(definition) == STATUS_PARAMETERS
    assert definition["url"] == "http://fhir.patientsknowbest.com/operation/status-query"
    assert (definition["resource"], definition["code"]) == (["Patient"], "status-query")


@pytest.mark.parametrize(
    ("operation", "resource_id", "expected"),
    [
        pytest.param(CLAIM_INVITATION, "Patient-t-claim-invitation", CLAIM_PARAMETERS, id="claim"),
        pytest.param(
            CONFIRM_REGISTRATION, "Patient-t-confirm-registration", CONFIRM_PARAMETERS, id="confirm"
        ),
    ],
)
def test_redemption_has_its_parameters(
    operation: OperationDeclaration, resource_id: str, expected: list[tuple[object, ...]]
) -> None:
    definition = published(operation)

    assert parameters(definition) == expected
    assert (definition["id"], definition["resource"]) == (resource_id, ["Patient"])


def test_the_limit_is_the_one_that_the_use_case_keeps() -> None:
    assert GENERATE_INVITATION_TOKENS.limit == MAX_PATIENT_IDENTIFIERS
