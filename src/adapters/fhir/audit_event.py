"""Writes audit events as FHIR resources.

Source: http://hl7.org/fhir/STU3/auditevent.html
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Literal, assert_never

from msgspec import UNSET, UnsetType

from adapters.fhir.elements import Coding, Element, Identifier
from domain import audit as audit_event
from domain.audit import Outcome
from domain.organisations import OrganisationId
from domain.patients import PatientId

_REST = Coding(system="http://hl7.org/fhir/audit-event-type", code="rest", display="RESTful Operation")
_OPERATION = Coding(system="http://hl7.org/fhir/restful-interaction", code="operation", display="operation")
_PERSON = Coding(system="http://hl7.org/fhir/object-type", code="1", display="Person")
SYSTEM_OBJECT = Coding(system="http://hl7.org/fhir/object-type", code="2", display="System Object")
_PATIENT = Coding(system="http://hl7.org/fhir/object-role", code="1", display="Patient")
_QUERY = Coding(system="http://hl7.org/fhir/object-role", code="24", display="Query")

_OPERATION_SYSTEM = "urn:invitation-tokens:operation"
_PATIENT_ID_SYSTEM = "urn:invitation-tokens:patient-id"
CLIENT_ID_SYSTEM = "urn:invitation-tokens:client-id"
URI = "urn:ietf:rfc:3986"

_OUTCOMES = frozenset(Outcome)
_ISSUED = "issued"
_ANSWERED = "answered"
_REVOKED = "revoked"


class Detail(Element, frozen=True, kw_only=True):
    """A property of an entity. `value` is text in base64."""

    type: str
    value: str


class Entity(Element, frozen=True, kw_only=True):
    """A patient or an object of a call."""

    identifier: Identifier | UnsetType = UNSET
    type: Coding
    role: Coding
    detail: list[Detail]


class Agent(Element, frozen=True, kw_only=True):
    """A participant in a call."""

    user_id: Identifier
    requestor: bool


class Source(Element, frozen=True, kw_only=True):
    """The reporter of a call."""

    identifier: Identifier


class AuditEvent(Element, frozen=True, kw_only=True):
    """One call."""

    resource_type: Literal["AuditEvent"]
    type: Coding
    subtype: list[Coding]
    action: Literal["E"]
    recorded: str
    outcome: Literal["0", "4"] | UnsetType = UNSET
    outcome_desc: str
    agent: list[Agent]
    source: Source
    entity: list[Entity]


def audit_event_resource(event: audit_event.AuditEvent, reported_by: str) -> AuditEvent:
    """Write an audit event; `reported_by` is the URI of the service.

    It has no `outcome` if a newer release recorded one that this release does not know.
    """
    return AuditEvent(
        resource_type="AuditEvent",
        id=str(event.request_id),
        type=_REST,
        subtype=[_OPERATION, Coding(system=_OPERATION_SYSTEM, code=str(event.operation))],
        action="E",
        recorded=event.recorded_at.isoformat(timespec="milliseconds"),
        outcome=_outcome_code(Outcome(event.outcome)) if event.outcome in _OUTCOMES else UNSET,
        outcome_desc=str(event.outcome),
        agent=list(_agents(event)),
        source=Source(identifier=Identifier(system=URI, value=reported_by)),
        entity=[_request(event), *_patients(event)],
    )


def _outcome_code(outcome: Outcome) -> Literal["0", "4"]:
    """Give the code of a success, or of a minor failure.

    Source: http://hl7.org/fhir/STU3/valueset-audit-event-outcome.html
    """
    match outcome:
        case Outcome.CARRIED_OUT | Outcome.ANSWERED_AGAIN:
            return "0"
        case (
            Outcome.SCOPE_MISSING
            | Outcome.ORGANISATION_MISSING
            | Outcome.ORGANISATION_MALFORMED
            | Outcome.ORGANISATION_FORBIDDEN
            | Outcome.THROTTLED
            | Outcome.REQUEST_NOT_UNDERSTOOD
            | Outcome.IDENTIFIERS_REFUSED
            | Outcome.IDEMPOTENCY_KEY_REFUSED
            | Outcome.BATCH_UNKNOWN
            | Outcome.REDEMPTION_FORBIDDEN
            | Outcome.CODE_UNKNOWN
            | Outcome.TOKEN_WRONG
            | Outcome.BIRTH_DATE_WRONG
            | Outcome.INVITATION_EXPIRED
            | Outcome.INVITATION_SPENT
            | Outcome.INVITATION_LOCKED
            | Outcome.NO_LONGER_ELIGIBLE
            | Outcome.CLAIM_OVER
        ):
            return "4"
        case _:
            assert_never(outcome)


def _agents(event: audit_event.AuditEvent) -> Iterator[Agent]:
    yield Agent(user_id=Identifier(system=CLIENT_ID_SYSTEM, value=event.client_id), requestor=True)
    if event.organisation_id is not None:
        yield organisation_agent(event.organisation_id)


def _request(event: audit_event.AuditEvent) -> Entity:
    counts = {
        "asked": event.asked,
        _ISSUED: len(event.issued_patients),
        _ANSWERED: len(event.answered_patients),
        **event.omitted,
    }
    details = [detail(what, str(count)) for what, count in counts.items()]
    if event.replayed_request_id is not None:
        details.append(detail("replays", str(event.replayed_request_id)))
    if event.revoked_patients:
        details.append(detail(_REVOKED, str(len(event.revoked_patients))))
    if event.batch is not None:
        details.append(detail("batch", str(event.batch)))
    if event.reason is not None:
        details.append(detail("reason", event.reason))
    return Entity(type=SYSTEM_OBJECT, role=_QUERY, detail=details)


def _patients(event: audit_event.AuditEvent) -> Iterator[Entity]:
    decisions = {
        _ISSUED: event.issued_patients,
        _ANSWERED: event.answered_patients,
        _REVOKED: event.revoked_patients,
        **event.omitted_patients,
    }
    for decision, patients in decisions.items():
        for patient_id in patients:
            yield patient_entity(patient_id, detail("decision", decision))


def organisation_agent(organisation_id: OrganisationId) -> Agent:
    """Write the organisation that the caller acts for."""
    return Agent(user_id=Identifier(system=URI, value=f"urn:uuid:{organisation_id}"), requestor=False)


def patient_entity(patient_id: PatientId, happened: Detail) -> Entity:
    """Write a patient by internal id, and what happened to them."""
    identifier = Identifier(system=_PATIENT_ID_SYSTEM, value=str(patient_id))
    return Entity(identifier=identifier, type=_PERSON, role=_PATIENT, detail=[happened])


def detail(what: str, text: str) -> Detail:
    """Write a property of an entity."""
    return Detail(type=str(what), value=b64encode(text.encode()).decode())
