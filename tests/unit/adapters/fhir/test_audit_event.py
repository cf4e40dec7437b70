"""The record of a call, in FHIR."""

from base64 import b64decode
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from adapters.fhir.audit_event import audit_event_resource
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from tests.builders import (
    CLIENT,
    HOSPITAL,
    STATUS_QUERY,
    a_patient_id,
    a_request_id,
    an_audit_event,
)

SERVICE = "https://invitations.example.org/fhir"
REFUSED = replace(
    an_audit_event(), organisation_id=None, issued_patients=(), omitted={}, omitted_patients={}, asked=0
)


def _written(event: AuditEvent) -> dict[str, Any]:
    written: dict[str, Any] = json.decode(json.encode(audit_event_resource(event, SERVICE)))
    return written


def details_of(entity: dict[str, Any]) -> dict[str, str]:
    return {each["type"]: b64decode(each["value"], validate=True).decode() for each in entity["detail"]}


def _decisions(resource: dict[str, Any]) -> dict[str, str]:
    """Read what was decided about each patient."""
    return {
        entity["identifier"]["value"]: details_of(entity)["decision"] for entity in resource["entity"][1:]
    }


def test_writes_a_call_that_was_carried_out() -> None:
    event = an_audit_event(issued_patients=[a_patient_id(1)])

    assert _written(event) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "resourceType": "AuditEvent",
        "type": {
            "system": "http://hl7.org/fhir/audit-event-type",
            "code": "rest",
            "display": "RESTful Operation",
        },
        "subtype": [
            {
                "system": "http://hl7.org/fhir/restful-interaction",
                "code": "operation",
                "display": "operation",
            },
            {"system": "urn:invitation-tokens:operation", "code": "generate-invitation-tokens"},
        ],
        "action": "E",
        "recorded": "2026-12-02T09:29:23.356+00:00",
        "outcome": "0",
        "outcomeDesc": "carried-out",
        "agent": [
            {"userId": {"system": "urn:invitation-tokens:client-id", "value": CLIENT}, "requestor": True},
            {
                "userId": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{HOSPITAL}"},
                "requestor": False,
            },
        ],
        "source": {"identifier": {"system": "urn:ietf:rfc:3986", "value": SERVICE}},
        "entity": [
            {
                "type": {
                    "system": "http://hl7.org/fhir/object-type",
                    "code": "2",
                    "display": "System Object",
                },
                "role": {"system": "http://hl7.org/fhir/object-role", "code": "24", "display": "Query"},
                "detail": [
                    {"type": "asked", "value": "Mg=="},
                    {"type": "issued", "value": "MQ=="},
                    {"type": "answered", "value": "MA=="},
                    {"type": "deceased", "value": "MQ=="},
                ],
            },
            _patient_entity(1, "aXNzdWVk"),
            _patient_entity(999, "ZGVjZWFzZWQ="),
        ],
    }


def _patient_entity(number: int, decision: str) -> dict[str, Any]:
    return {
        "identifier": {"system": "urn:invitation-tokens:patient-id", "value": str(a_patient_id(number))},
        "type": {"system": "http://hl7.org/fhir/object-type", "code": "1", "display": "Person"},
        "role": {"system": "http://hl7.org/fhir/object-role", "code": "1", "display": "Patient"},
        "detail": [{"type": "decision", "value": decision}],
    }


@pytest.mark.parametrize("outcome", Outcome)
def test_writes_the_outcome_of_a_call(outcome: Outcome) -> None:
    resource = _written(replace(REFUSED, outcome=outcome))

    is_answered = outcome in {Outcome.CARRIED_OUT, Outcome.ANSWERED_AGAIN}
    assert (resource["outcome"], resource["outcomeDesc"]) == ("0" if is_answered else "4", outcome.value)


def test_writes_a_refused_call_of_a_caller_alone() -> None:
    resource = _written(replace(REFUSED, outcome=Outcome.SCOPE_MISSING))

    assert [agent["userId"]["value"] for agent in resource["agent"]] == [CLIENT]
    assert [details_of(entity) for entity in resource["entity"]] == [
        {"asked": "0", "issued": "0", "answered": "0"}
    ]


def test_names_each_patient_by_internal_id_with_what_was_decided() -> None:
    event = replace(
        an_audit_event(),
        operation=STATUS_QUERY,
        answered_patients=(a_patient_id(1), a_patient_id(2)),
        omitted={OmissionReason.NO_CARE_RELATIONSHIP: 1, OmissionReason.NOT_FOUND: 3},
        omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: (a_patient_id(3),)},
    )

    resource = _written(event)

    assert _decisions(resource) == {
        str(a_patient_id(1)): "answered",
        str(a_patient_id(2)): "answered",
        str(a_patient_id(3)): "no-care-relationship",
    }
    assert details_of(resource["entity"][0])["not-found"] == "3"
    assert resource["subtype"][1]["code"] == "status-query"


def test_names_the_request_whose_answer_was_given_again() -> None:
    event = replace(an_audit_event(2), outcome=Outcome.ANSWERED_AGAIN, replayed_request_id=a_request_id(1))

    assert details_of(_written(event)["entity"][0])["replays"] == str(a_request_id(1))


def test_names_no_such_request_where_there_is_none() -> None:
    assert "replays" not in details_of(_written(an_audit_event())["entity"][0])


def test_writes_500_patients() -> None:
    numbers = range(1, 501)

    resource = _written(an_audit_event(issued_patients=map(a_patient_id, numbers)))

    assert [*_decisions(resource)][:500] == [str(a_patient_id(number)) for number in numbers]


def test_writes_whose_invitations_of_which_batch_were_revoked_and_why() -> None:
    revoked = replace(
        REFUSED,
        operation=Operation.REVOKE_INVITATIONS,
        revoked_patients=(a_patient_id(1), a_patient_id(2)),
        answered_patients=(a_patient_id(3),),
        batch=a_request_id(7),
        reason="misprinted",
    )

    written = _written(revoked)

    details = details_of(written["entity"][0])
    assert {name: details[name] for name in ("revoked", "batch", "reason")} == {
        "revoked": "2",
        "batch": str(a_request_id(7)),
        "reason": "misprinted",
    }
    assert _decisions(written) == {
        str(a_patient_id(3)): "answered",
        str(a_patient_id(1)): "revoked",
        str(a_patient_id(2)): "revoked",
    }
