"""The fields of the structs stand in the standard's order, which in XML is the order of the elements."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from fhir.resources.STU3 import get_fhir_model_class
from msgspec import Struct, inspect

from adapters.fhir.audit_event import AuditEvent
from adapters.fhir.conformance.capability_statement import CapabilityStatement
from adapters.fhir.conformance.code_systems import CodeSystem
from adapters.fhir.conformance.operation_definition import OperationDefinition
from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.parameters import Parameters

RESOURCES: list[type[Struct]] = [
    Parameters,
    OperationOutcome,
    CapabilityStatement,
    OperationDefinition,
    CodeSystem,
    AuditEvent,
]


def types_in(ours: type[Struct], theirs: Any) -> Iterator[tuple[type[Struct], Any]]:
    """Give a struct and all those in it, each with the type of a library that is not ours."""
    open_pairs, seen = [(ours, theirs)], set()
    while open_pairs:
        ours, theirs = open_pairs.pop()
        if ours not in seen:
            seen.add(ours)
            yield ours, theirs
            open_pairs += _types_of_fields(ours, theirs)


def _types_of_fields(ours: type[Struct], theirs: Any) -> Iterator[tuple[type[Struct], Any]]:
    described = inspect.type_info(ours)
    assert isinstance(described, inspect.StructType)
    annotations = {field.alias or name: f"{field.annotation}" for name, field in theirs.model_fields.items()}
    for field in described.fields:
        item = field.type.item_type if isinstance(field.type, inspect.ListType) else field.type
        named = re.search(r"abc\.(\w+)Type", annotations.get(field.encode_name, ""))
        if isinstance(item, inspect.StructType) and named:
            # an element that may hold any resource holds this one
            kind = item.cls.__name__ if named.group(1) == "Resource" else named.group(1)
            yield item.cls, get_fhir_model_class(kind)


def _with_choices_as_one(names: list[str]) -> list[str]:
    """Put `value` for all of value[x], of which there is but one at a time."""
    return [name for name, _ in groupby(re.sub(r"^value[A-Z].*", "value", name) for name in names)]


PAIRS = [
    pytest.param(*pair, id=pair[1].__name__)
    for resource in RESOURCES
    for pair in types_in(resource, get_fhir_model_class(resource.__name__))
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_fields_stand_in_the_order_of_the_standard(ours: type[Struct], theirs: Any) -> None:
    # what is beside a primitive in JSON is no element of its own
    fields = [
        name for name in ours.__struct_encode_fields__ if name != "resourceType" and not name.startswith("_")
    ]

    in_order = [name for name in theirs.elements_sequence() if name in fields]

    assert _with_choices_as_one(fields) == _with_choices_as_one(in_order)


def test_every_struct_of_the_resources_is_checked() -> None:
    names = {pair.id for pair in PAIRS}

    assert names >= {
        *("Parameters", "ParametersParameter", "Identifier"),
        *("OperationOutcome", "OperationOutcomeIssue", "CodeableConcept", "Coding"),
        *("CapabilityStatement", "CapabilityStatementRestSecurity"),
        *("OperationDefinition", "OperationDefinitionParameter", "CodeSystem", "CodeSystemConcept"),
        *("AuditEvent", "AuditEventAgent", "AuditEventEntity", "AuditEventEntityDetail"),
    }
