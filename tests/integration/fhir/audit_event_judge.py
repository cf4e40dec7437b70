"""Judges of AuditEvents that are not ours, and what they do not look at.

Source: http://hl7.org/fhir/STU3/auditevent.html
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from fhir.resources.STU3.auditevent import AuditEvent
from fhirpathpy import evaluate
from fhirpathpy.models import models

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")

_INVARIANTS = (
    "AuditEvent.entity.all(name.empty() or query.empty())",
    "AuditEvent.entity.detail.all(type.exists() and value.exists())",
    "AuditEvent.agent.where(requestor = true).count() = 1",
)
"""The invariant sev-1, the cardinalities of a detail, and that one agent has asked for it."""


def judge_audit_event(raw: bytes) -> dict[str, Any]:
    """Fail unless `raw` is a legal resource; give it as plain JSON."""
    AuditEvent.model_validate_json(raw)
    resource: dict[str, Any] = json.loads(raw)
    assert [each for each in _nodes(resource) if each in (None, "", [], {})] == []
    assert [each for each in _INVARIANTS if evaluate(resource, each, None, models["stu3"]) != [True]] == []
    assert _ID.fullmatch(resource["id"])
    assert _INSTANT.fullmatch(resource["recorded"])
    assert resource["action"] in {"C", "R", "U", "D", "E"}
    assert resource.get("outcome") in {None, "0", "4", "8", "12"}
    for entity in resource["entity"]:
        details_of(entity)
    return resource


def details_of(entity: dict[str, Any]) -> dict[str, str]:
    """Read the details of an entity."""
    return {each["type"]: b64decode(each["value"], validate=True).decode() for each in entity["detail"]}


def _nodes(node: object) -> Iterator[object]:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _nodes(child)
