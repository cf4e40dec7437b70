"""The status of invitations over HTTP, and their revocation."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.identifiers import RequestedIdentifier
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.call import Caller, asking_for
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, ELSEWHERE, UNKNOWN_PATIENT
from tests.integration.on_each_database import ON_EACH_DATABASE

pytestmark = ON_EACH_DATABASE

STATUS = "/fhir/Patient/$invitation-status"
REVOKE = "/fhir/Patient/$revoke-invitations"
MISPRINTED = {"name": "reason", "valueCode": "misprinted"}
SECOND = CROWD[1]


@pytest.fixture(scope="module")
def caller(client: httpx.Client, issuer: Issuer) -> Caller:
    return Caller(client, issuer.access_token(scope="system/Organization.write system/Patient.read"))


def issued(caller: Caller, *identifiers: RequestedIdentifier, key: str | None = None) -> str:
    """Invite patients; give the batch."""
    changes = {} if key is None else {"Idempotency-Key": key}
    response = caller.call(asking_for(*identifiers), changes)
    return response.raise_for_status().headers["Invitation-Batch"]


def batch(batch_id: object) -> dict[str, Any]:
    return {"name": "batch", "valueString": str(batch_id)}


def states(response: httpx.Response) -> list[tuple[Any, Any, Any]]:
    """Give identifier, state and number of pending invitations of each entry."""
    entries = [
        {part["name"]: next(v for k, v in part.items() if k != "name") for part in entry["part"]}
        for entry in response.raise_for_status().json().get("parameter", ())
    ]
    return [(each["patientIdentifier"]["value"], each["state"], each["pending"]) for each in entries]


def revoke_all(caller: Caller, *identifiers: RequestedIdentifier) -> None:
    named = map(patient_identifier, identifiers)
    caller.call(parameters(*named, MISPRINTED), path=REVOKE).raise_for_status()


def test_a_batch_is_named_by_a_uuid_in_the_answer(caller: Caller) -> None:
    batch_id = issued(caller, ADULT)

    assert str(UUID(batch_id)) == batch_id


def test_a_repeated_answer_names_the_batch_of_the_first(caller: Caller) -> None:
    key = str(uuid4())

    assert issued(caller, ADULT, key=key) == issued(caller, ADULT, key=key)


def test_the_status_of_identifiers_is_that_of_the_latest_invitation(caller: Caller) -> None:
    revoke_all(caller, ADULT)
    issued(caller, ADULT)
    named = [ADULT, UNKNOWN_PATIENT, ELSEWHERE]

    response = caller.call(asking_for(*named), path=STATUS)

    assert states(response) == [
        (ADULT.value, "pending", 1),
        (UNKNOWN_PATIENT.value, "none", 0),
        (ELSEWHERE.value, "none", 0),
    ]


def test_the_moments_of_an_invitation_are_told_and_never_its_code(caller: Caller) -> None:
    [invited] = caller.ask(ADULT)

    response = caller.call(asking_for(ADULT), path=STATUS)

    [entry] = response.raise_for_status().json()["parameter"]
    parts = {part["name"]: part for part in entry["part"]}
    assert [*parts] == ["patientIdentifier", "state", "issued", "expiry", "pending"]
    assert parts["expiry"]["valueDateTime"] == invited.expiry
    assert invited.code not in response.text


def test_a_batch_that_was_revoked_is_revoked_once(caller: Caller) -> None:
    revoke_all(caller, ADULT, SECOND)
    batch_id = issued(caller, ADULT, SECOND)

    first, second = (caller.call(parameters(batch(batch_id), MISPRINTED), path=REVOKE) for _time in range(2))

    assert first.json() == {
        "resourceType": "Parameters",
        "parameter": [{"name": "revoked", "valueInteger": 2}],
    }
    assert second.json()["parameter"] == [{"name": "revoked", "valueInteger": 0}]
    assert {*states(caller.call(parameters(batch(batch_id)), path=STATUS))} == {
        (ADULT.value, "revoked", 0),
        (SECOND.value, "revoked", 0),
    }


def test_a_request_whose_batch_was_revoked_is_refused_and_nothing_is_issued(caller: Caller) -> None:
    key = str(uuid4())
    batch_id = issued(caller, ADULT, key=key)
    reason = {"name": "reason", "valueString": "wrong-address"}
    caller.call(parameters(batch(batch_id), reason), path=REVOKE).raise_for_status()

    response = caller.call(asking_for(ADULT), {"Idempotency-Key": key})

    assert response.status_code == HTTPStatus.CONFLICT
    assert response.json()["issue"][0]["code"] == "conflict"
    assert "Retry-After" not in response.headers
    assert "Invitation-Batch" not in response.headers


def test_a_batch_without_invitations_has_no_entries(caller: Caller) -> None:
    batch_id = issued(caller, UNKNOWN_PATIENT)

    response = caller.call(parameters(batch(batch_id)), path=STATUS)

    assert response.raise_for_status().json() == {"resourceType": "Parameters"}


@pytest.mark.parametrize("path", [STATUS, REVOKE])
def test_an_unknown_batch_is_not_found(caller: Caller, path: str) -> None:
    reason = [MISPRINTED] if path == REVOKE else []

    response = caller.call(parameters(batch(uuid4()), *reason), path=path)

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.json()["issue"][0]["code"] == "not-found"


A_BATCH = batch(uuid4())
ONE = patient_identifier(ADULT)


@pytest.mark.parametrize(
    ("path", "content", "code", "expression"),
    [
        pytest.param(STATUS, [], "required", ["Parameters.parameter"], id="status-of-nothing"),
        pytest.param(REVOKE, [MISPRINTED], "required", ["Parameters.parameter"], id="revoke-nothing"),
        pytest.param(REVOKE, [A_BATCH], "required", ["Parameters.parameter"], id="no-reason"),
        pytest.param(
            STATUS,
            [A_BATCH, ONE],
            "value",
            ["Parameters.parameter[0]", "Parameters.parameter[1]"],
            id="both",
        ),
        pytest.param(STATUS, [batch("x")], "value", ["Parameters.parameter[0].value"], id="no-uuid"),
        pytest.param(
            REVOKE,
            [A_BATCH, {"name": "reason", "valueCode": "bored"}],
            "value",
            ["Parameters.parameter[1].value"],
            id="unknown-reason",
        ),
        pytest.param(STATUS, [A_BATCH, A_BATCH], "structure", ["Parameters.parameter[1]"], id="two-batches"),
        pytest.param(
            STATUS,
            [{"name": "batch", "valueCode": "x"}],
            "structure",
            ["Parameters.parameter[0]"],
            id="batch-of-another-type",
        ),
        pytest.param(STATUS, [ONE, MISPRINTED], "not-supported", ["Parameters.parameter[1]"], id="unknown"),
    ],
)
def test_a_request_that_cannot_be_understood_is_led_to_its_fault(
    caller: Caller, path: str, content: list[Mapping[str, Any]], code: str, expression: list[str]
) -> None:
    response = caller.call(parameters(*content), path=path)

    [issue] = response.json()["issue"]
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert (issue["code"], issue["expression"]) == (code, expression)
