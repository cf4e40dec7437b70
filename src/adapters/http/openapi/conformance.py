"""What the OpenAPI document says of the routes that describe the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema
from msgspec import Struct

from adapters.fhir.conformance.capability_statement import CapabilityStatement
from adapters.fhir.conformance.code_systems import CodeSystem
from adapters.fhir.conformance.operation_definition import OperationDefinition
from adapters.fhir.conformance.search import Bundle, Collection, ModifierUnsupported
from adapters.http.formats import FHIR_JSON
from adapters.http.openapi.formats import FORMAT_PARAMETER, add_xml
from adapters.http.openapi.refusals import NOT_ACCEPTABLE, DocumentedRefusal
from adapters.http.refusals.transport import BAD_REQUEST, nothing_at, search_refusal

_TYPES: Mapping[str, type[Struct]] = {"CodeSystem": CodeSystem, "OperationDefinition": OperationDefinition}


def described(
    summary: str,
    answer: type[Struct],
    refusals: Mapping[int, DocumentedRefusal] | None = None,
    *,
    operation_class: type[Operation],
    media_type: str = FHIR_JSON,
) -> dict[str, Any]:
    """Give the keyword arguments that describe a route."""
    return {
        "tags": ["Conformance"],
        "summary": summary,
        "operation_class": operation_class,
        "responses": {
            200: ResponseSpec(answer, description=summary, media_type=media_type, generate_examples=False),
            304: ResponseSpec(None, description="If-None-Match names the answer: it has not changed."),
            **{status: each.response() for status, each in (refusals or {}).items()},
        },
    }


@dataclass
class ReadOperation(Operation):
    """A resource that is read, in either format."""

    def __post_init__(self) -> None:
        """Fill in what is the same for all of them."""
        self.parameters = [FORMAT_PARAMETER]
        add_xml(self.responses or {})


METADATA = described(
    "What the service can do", CapabilityStatement, {406: NOT_ACCEPTABLE}, operation_class=ReadOperation
)


def read_documentation(collection: Collection) -> dict[str, Any]:
    """Describe how a resource is read."""

    @dataclass
    class ReadByIdOperation(ReadOperation):
        def __post_init__(self) -> None:
            super().__post_init__()
            ids = Schema(type=OpenAPIType.STRING, enum=sorted(each.id for each in collection.resources))
            by_id = Parameter(
                name="resource_id", param_in="path", required=True, description="Its id.", schema=ids
            )
            self.parameters = [by_id, FORMAT_PARAMETER]

    refused = {
        400: DocumentedRefusal("The request is not well-formed.", BAD_REQUEST),
        404: DocumentedRefusal(
            "There is no such resource; the refusal names those that there are.",
            nothing_at(f"/fhir/{collection.type}/other"),
        ),
        406: NOT_ACCEPTABLE,
    }
    summary = f"One {collection.type}, by its id"
    return described(summary, _TYPES[collection.type], refused, operation_class=ReadByIdOperation)


def search_documentation(collection: Collection) -> dict[str, Any]:
    """Describe how resources are searched."""

    @dataclass
    class SearchOperation(ReadOperation):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.parameters = [
                FORMAT_PARAMETER,
                *(
                    Parameter(
                        name=each.name,
                        param_in="query",
                        description=each.documentation,
                        schema=Schema(type=OpenAPIType.STRING),
                    )
                    for each in collection.parameters
                ),
            ]

    refused = {
        400: DocumentedRefusal(
            "A parameter has a modifier, or is unknown to the strict search that was asked for.",
            search_refusal(ModifierUnsupported(tuple(each.name for each in collection.parameters))),
        ),
        406: NOT_ACCEPTABLE,
    }
    summary = f"Every {collection.type} that matches"
    return described(summary, Bundle, refused, operation_class=SearchOperation)
