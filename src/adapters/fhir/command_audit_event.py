"""Writes the events of administrative commands as FHIR resources.

Source: http://hl7.org/fhir/STU3/auditevent.html
"""

from collections.abc import Iterator, Mapping
from typing import Literal, assert_never

from msgspec import UNSET

from adapters.fhir.audit_event import (
    CLIENT_ID_SYSTEM,
    SYSTEM_OBJECT,
    URI,
    Agent,
    AuditEvent,
    Entity,
    Source,
    detail,
    organisation_agent,
    patient_entity,
)
from adapters.fhir.elements import Coding, Identifier
from domain.administration import CommandEvent, CommandOutcome

_APPLICATION_ACTIVITY = Coding(
    system="http://dicom.nema.org/resources/ontology/DCM", code="110100", display="Application Activity"
)
"""Source: http://hl7.org/fhir/STU3/valueset-audit-event-type.html"""

_JOB = Coding(system="http://hl7.org/fhir/object-role", code="20", display="Job")
_COMMAND_SYSTEM = "urn:invitation-tokens:command"
_OPERATOR_SYSTEM = "urn:invitation-tokens:operator"

_OUTCOMES = frozenset(CommandOutcome)


def command_audit_event(event: CommandEvent, reported_by: str) -> AuditEvent:
    """Write an event of a command; `reported_by` is the URI of the service.

    It has no `outcome` if a newer release recorded one that this release does not know.
    """
    return AuditEvent(
        resource_type="AuditEvent",
        id=f"{event.command_id}-{event.outcome}",
        type=_APPLICATION_ACTIVITY,
        subtype=[Coding(system=_COMMAND_SYSTEM, code=str(event.command))],
        action="E",
        recorded=event.recorded_at.isoformat(timespec="milliseconds"),
        outcome=_outcome_code(CommandOutcome(event.outcome)) if event.outcome in _OUTCOMES else UNSET,
        outcome_desc=str(event.outcome),
        agent=list(_agents(event)),
        source=Source(identifier=Identifier(system=URI, value=reported_by)),
        entity=[
            _job(event),
            *(patient_entity(each, detail("command", str(event.command))) for each in event.patients),
        ],
    )


def _outcome_code(outcome: CommandOutcome) -> Literal["0", "4"]:
    """Give the code of a success, or of a minor failure.

    Source: http://hl7.org/fhir/STU3/valueset-audit-event-outcome.html
    """
    match outcome:
        case CommandOutcome.BEGUN | CommandOutcome.CARRIED_OUT:
            return "0"
        case CommandOutcome.CARRIED_OUT_IN_PART | CommandOutcome.REFUSED:
            return "4"
        case _:
            assert_never(outcome)


def _agents(event: CommandEvent) -> Iterator[Agent]:
    yield Agent(user_id=Identifier(system=_OPERATOR_SYSTEM, value=event.operator), requestor=True)
    if event.client_id is not None:
        yield Agent(user_id=Identifier(system=CLIENT_ID_SYSTEM, value=event.client_id), requestor=False)
    if event.organisation_id is not None:
        yield organisation_agent(event.organisation_id)


def _job(event: CommandEvent) -> Entity:
    said: Mapping[str, str | None] = {
        "file-sha256": event.file_digest,
        "reason": event.reason,
        **{what: str(count) for what, count in event.counts.items()},
    }
    details = [detail("command-id", str(event.command_id))]
    details += [detail(what, text) for what, text in said.items() if text is not None]
    return Entity(type=SYSTEM_OBJECT, role=_JOB, detail=details)
