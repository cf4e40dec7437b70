"""What the OpenAPI document says of the two formats; for XML, OpenAPI's schemas have no words."""

from collections.abc import Mapping
from typing import Any

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Parameter,
    Responses,
    Schema,
)
from msgspec import Struct, convert

from adapters.fhir.wire_format import WireFormat, write_resource
from adapters.http.media_types import FHIR_JSON, FHIR_XML

_SCHEMA = Schema(
    type=OpenAPIType.STRING,
    description="The same resource in XML, as http://hl7.org/fhir/STU3/xml.html has it.",
)


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
            response.content.setdefault(FHIR_XML, OpenAPIMediaType(schema=_SCHEMA))
