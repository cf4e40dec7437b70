"""Judges by third-party libraries: everything that is sent as FHIR must be legal STU3.

The published schematron and fhir.resources leave gaps that the walk over the raw JSON and the invariants
in FHIRPath close.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fhir.resources.STU3 import get_fhir_model_class
from fhirpathpy import evaluate
from fhirpathpy.models import models
from lxml import etree
from pydantic import ValidationError

from tests.integration.fhir_invariants import ALL_TYPES, INVARIANTS, ISSUE_TYPES

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_URIS = frozenset({"url", "fullUrl", "valueUri", "system", "reference"})


class IllegalResourceError(AssertionError):
    """A body is not legal FHIR STU3."""


def judge(raw: bytes) -> None:
    """Raise IllegalResourceError unless `raw` is a legal resource."""
    resource = judge_quickly(raw)
    kind = resource["resourceType"]
    try:
        get_fhir_model_class(kind).model_validate_json(raw)
    except (ValueError, KeyError) as error:
        raise IllegalResourceError(f"{error} in {raw[:1000]!r}") from error
    for invariant in INVARIANTS[kind]:
        if evaluate(resource, invariant, None, models["stu3"]) != [True]:
            raise IllegalResourceError(f"{invariant} does not hold for {raw[:1000]!r}")
    for entry in resource.get("entry", ()) if kind == "Bundle" else ():
        judge(json.dumps(entry["resource"]).encode())


def judge_quickly(raw: bytes) -> dict[str, Any]:
    """Judge what does not take the models, and give the resource."""
    try:
        resource: dict[str, Any] = json.loads(raw.decode(), object_pairs_hook=_object)
        _check_codes(resource["resourceType"], resource)
    except (ValueError, KeyError, TypeError) as error:
        raise IllegalResourceError(f"{error} in {raw[:1000]!r}") from error
    _walk(resource)
    return resource


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if repeated:
        raise ValueError(f"repeated names {repeated}")
    return dict(pairs)


def _walk(node: object) -> None:
    """Refuse what FHIR in JSON does not know: null and anything empty. The model lets spaces in URIs pass."""
    if node is None or node in ([], {}) or (isinstance(node, str) and not node.strip()):
        raise IllegalResourceError(f"{node!r} is no value in FHIR")
    if isinstance(node, dict):
        spaced = [name for name in _URIS & node.keys() if re.search(r"\s", str(node[name]))]
        if spaced or ("id" in node and not _ID.fullmatch(str(node["id"]))):
            raise IllegalResourceError(f"an id or {spaced} of {node!r} is not of its type")
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        _walk(child)


def _check_codes(kind: str, resource: dict[str, Any]) -> None:
    """Refuse codes that are not of STU3, which the model does not check."""
    unknown = {issue["code"] for issue in resource.get("issue", ())} - ISSUE_TYPES
    if kind == "OperationDefinition":
        unknown |= set(_types(resource.get("parameter", []))) - ALL_TYPES
    if unknown:
        raise IllegalResourceError(f"{unknown} are no codes of STU3")


def _types(parameters: list[dict[str, Any]]) -> Iterator[str]:
    for parameter in parameters:
        if "type" in parameter:
            yield parameter["type"]
        yield from _types(parameter.get("part", []))


def judge_xml(raw: bytes) -> None:
    """Raise IllegalResourceError unless `raw` is a legal resource in XML.

    The library lets wrong order, repetition and text pass; it then writes another document than it read.
    """
    try:
        document = etree.fromstring(raw)
        read: Any = get_fhir_model_class(etree.QName(document).localname).model_validate_xml(raw)
        rewritten = etree.fromstring(read.model_dump_xml())
    except (ValueError, KeyError, etree.XMLSyntaxError, ValidationError) as error:
        raise IllegalResourceError(f"{error} in {raw[:1000]!r}") from error
    if _outline(document) != _outline(rewritten):
        raise IllegalResourceError(f"there is more than FHIR in {raw[:1000]!r}")
    judge(read.model_dump_json().encode())


def _outline(document: Any) -> list[tuple[str, list[str], str]]:
    return [
        (element.tag, sorted(element.keys()), (element.text or "") + (element.tail or ""))
        for element in document.iter()
    ]
