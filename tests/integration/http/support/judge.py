"""Judges of FHIR that are not ours, put together: everything under /fhir is to be legal STU3.

The published schematron and fhir.resources leave gaps that the walk over the raw JSON and the invariants
in FHIRPath close.
"""

import json
from collections import Counter
from typing import Any

import httpx
from fhir.resources.STU3 import get_fhir_model_class
from fhirpathpy import evaluate
from fhirpathpy.models import models
from pydantic import ValidationError

ISSUE_TYPES = frozenset(
    {
        *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown"),
        *("expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate", "not-found"),
        *("too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict", "incomplete"),
        *("transient", "lock-error", "no-store", "exception", "timeout", "throttled", "informational"),
    }
)
"""Source: http://hl7.org/fhir/STU3/valueset-issue-type.html"""

_ONE_VALUE = (
    "((part.exists() and value.empty() and resource.empty())"
    " or (part.empty() and (value.exists() xor resource.exists())))"
)
"""The invariant inv-1 of http://hl7.org/fhir/STU3/parameters.html"""

# one path a level: the library loses value[x] where a path repeats itself
_INVARIANTS = {
    "Parameters": [
        f"Parameters.{level}.all({_ONE_VALUE})"
        for level in ("parameter", "parameter.part", "parameter.part.part")
    ],
    "OperationOutcome": ["OperationOutcome.issue.exists()"],
}


class IllegalResourceError(AssertionError):
    """A body is not legal FHIR STU3."""


def judge(raw: bytes) -> None:
    """Raise IllegalResourceError unless `raw` is a legal resource."""
    try:
        resource = json.loads(raw.decode(), object_pairs_hook=_object)
        get_fhir_model_class(resource["resourceType"]).model_validate_json(raw)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise IllegalResourceError(f"{error} in {raw[:1000]!r}") from error
    _walk(resource)
    for invariant in _INVARIANTS[resource["resourceType"]]:
        if evaluate(resource, invariant, None, models["stu3"]) != [True]:
            raise IllegalResourceError(f"{invariant} does not hold for {raw[:1000]!r}")
    unknown = {issue["code"] for issue in resource.get("issue", ())} - ISSUE_TYPES
    if unknown:
        raise IllegalResourceError(f"{unknown} are no codes of STU3")


def judge_response(response: httpx.Response) -> None:
    """Judge what came back, if it is FHIR or should be."""
    response.read()
    _judge_read(response)


async def judge_response_in_process(response: httpx.Response) -> None:
    await response.aread()
    _judge_read(response)


def _judge_read(response: httpx.Response) -> None:
    is_fhir = "fhir" in response.headers.get("Content-Type", "")
    if response.content and (is_fhir or response.url.path.startswith("/fhir")):
        judge(response.content)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if repeated:
        raise ValueError(f"repeated names {repeated}")
    return dict(pairs)


def _walk(node: object) -> None:
    """Refuse what FHIR in JSON does not know: null and anything empty."""
    if node is None or node in ([], {}) or (isinstance(node, str) and not node.strip()):
        raise IllegalResourceError(f"{node!r} is no value in FHIR")
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        _walk(child)
