"""The wire formats of resources, JSON and XML.

Source: http://hl7.org/fhir/STU3/formats.html#wire
"""

from enum import StrEnum
from typing import assert_never

from msgspec import Struct, json

from adapters.fhir.xml import encoder as xml_encoder


class WireFormat(StrEnum):
    """A format, by its short name, which callers may use too."""

    JSON = "json"
    XML = "xml"


def write_resource(resource: Struct, wire_format: WireFormat) -> bytes:
    """Write a resource, in UTF-8."""
    match wire_format:
        case WireFormat.JSON:
            return json.encode(resource)
        case WireFormat.XML:
            return xml_encoder.encode(resource)
        case _:
            assert_never(wire_format)
