"""The media types of FHIR, and how media types are read.

Source: http://hl7.org/fhir/STU3/http.html#mime-type
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import Struct

from adapters.fhir.wire_format import WireFormat

FHIR_JSON = "application/fhir+json"
FHIR_XML = "application/fhir+xml"

MEDIA_TYPES: Mapping[WireFormat, str] = {WireFormat.JSON: FHIR_JSON, WireFormat.XML: FHIR_XML}
"""What each format is called by the standard."""

CONTENT_TYPES = {name: f"{media_type}; charset=UTF-8" for name, media_type in MEDIA_TYPES.items()}
"""What answers are sent as."""

# the last of each line is the name that the standard's second draft gave it
_WIRE_FORMATS = dict.fromkeys(
    (FHIR_JSON, "application/json", "text/json", "application/json+fhir"), WireFormat.JSON
) | dict.fromkeys((FHIR_XML, "application/xml", "text/xml", "application/xml+fhir"), WireFormat.XML)

_MOST_IN_A_HEADER = 100
"""More than any caller has to say: thousands would keep a process busy, whoever sends them."""

_QUOTED = r'"(?:[^"\\]|\\.)*+"?+'
_ELEMENT = re.compile(rf'(?:[^,"]++|{_QUOTED})++')
_PARAMETER = re.compile(rf'(?:[^;"]++|{_QUOTED})++')


class MediaType(Struct, frozen=True):
    """A media type, or a range of them: its name and its parameters, names in lower case."""

    name: str
    parameters: Mapping[str, str]

    def is_served(self) -> bool:
        """Tell whether the parameters leave FHIR STU3 in UTF-8."""
        return (
            self.parameters.get("fhirversion", "3.0") == "3.0"
            and self.parameters.get("charset", "utf-8").lower() == "utf-8"
        )

    def wire_format(self) -> WireFormat | None:
        """Give the format that is called this, under any of its names; None if there is none."""
        return _WIRE_FORMATS.get(self.name) if self.is_served() else None


def read_media_types(header: str) -> Sequence[MediaType]:
    """Read the media types in a header, which stand between commas, up to the hundredth."""
    elements = islice(_ELEMENT.finditer(header), _MOST_IN_A_HEADER)
    return [read_media_type(element.group()) for element in elements]


def read_media_type(text: str) -> MediaType:
    """Read one media type."""
    name, *parameters = _PARAMETER.findall(text) or [""]
    pairs = [parameter.partition("=") for parameter in parameters]
    return MediaType(
        name.strip().lower(),
        {key.strip().lower(): value.strip().strip('"') for key, _equals, value in pairs},
    )
