"""What the OpenAPI document says of the two formats; for XML, OpenAPI's schemas have no words."""

from collections.abc import Mapping
from typing import Any

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Parameter,
    Responses,
    Schema,
)
from msgspec import Struct, convert

from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.parameters import Parameters
from adapters.fhir.wire_format import WireFormat, write_resource
from adapters.http.formats import FHIR_JSON, FHIR_XML

_SCHEMA = Schema(
    type=OpenAPIType.STRING,
    description="The same resource in XML, as http://hl7.org/fhir/STU3/xml.html has it.",
)

_RESOURCES: Mapping[str, type[Struct]] = {"OperationOutcome": OperationOutcome, "Parameters": Parameters}

FORMAT_PARAMETER = Parameter(
    name="_format",
    param_in="query",
    description="The format of the answer, whatever the header Accept says.",
    schema=Schema(type=OpenAPIType.STRING, enum=[*WireFormat]),
    allow_empty_value=True,
)


def described_in_xml(resource: type[Struct], example: Mapping[str, Any]) -> OpenAPIMediaType:
    """Describe a resource by an example, which is given in JSON."""
    text = write_resource(convert(example, resource), WireFormat.XML).decode()
    return OpenAPIMediaType(schema=_SCHEMA, example=text)


def add_xml(responses: Responses) -> None:
    """Say that every answer in FHIR JSON comes in FHIR XML too."""
    for response in responses.values():
        if isinstance(response, OpenAPIResponse) and response.content and FHIR_JSON in response.content:
            response.content.setdefault(FHIR_XML, _in_xml(response.content[FHIR_JSON]))


def _in_xml(described: OpenAPIMediaType) -> OpenAPIMediaType:
    for example in (described.examples or {}).values():
        if isinstance(example, Example) and example.value:
            return described_in_xml(_RESOURCES[example.value["resourceType"]], example.value)
    return OpenAPIMediaType(schema=_SCHEMA)
