"""Negotiates the formats of bodies and answers, and reads preferences.

Sources: http://hl7.org/fhir/STU3/http.html#mime-type , https://www.rfc-editor.org/rfc/rfc7240
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from litestar import Request
from litestar.datastructures import Headers
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.fhir.wire_format import WireFormat
from domain.results import failed

FHIR_JSON = "application/fhir+json"
FHIR_XML = "application/fhir+xml"

MEDIA_TYPES: Mapping[WireFormat, str] = {WireFormat.JSON: FHIR_JSON, WireFormat.XML: FHIR_XML}
"""The standard's media type of each format."""

CONTENT_TYPES = {name: f"{media_type}; charset=UTF-8" for name, media_type in MEDIA_TYPES.items()}
"""The content type of an answer in each format."""

# the last name of each line is from the standard's second draft (DSTU2)
_WIRE_FORMATS = dict.fromkeys(
    (FHIR_JSON, "application/json", "text/json", "application/json+fhir"), WireFormat.JSON
) | dict.fromkeys((FHIR_XML, "application/xml", "text/xml", "application/xml+fhir"), WireFormat.XML)

_MAX_MEDIA_TYPES = 100
"""No caller needs more, and thousands would take a process too long, even from unknown callers."""

_QUOTED = r'"(?:[^"\\]|\\.)*+"?+'
_ELEMENT = re.compile(rf'(?:[^,"]++|{_QUOTED})++')
_PARAMETER = re.compile(rf'(?:[^;"]++|{_QUOTED})++')

# `*` alone is what Java's own client sends: https://bugs.openjdk.org/browse/JDK-8163921
_RANGES = {"*": 1, "*/*": 1, "application/*": 2}
# more than the standard has: some clients leave out the zero, or write more than three decimals
_WEIGHT = re.compile(r"0?\.[0-9]+|0\.?|1(\.0*)?")

_STU3 = re.compile(r"3\.0(\.[0-2])?")
# ASCII is a part of UTF-8
_UTF_8 = {"utf-8", "utf8", "us-ascii"}


def combined(headers: Headers, name: str) -> str | None:
    """Join the values of a header, or return None if it is missing.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
    """
    values = headers.getall(name, [])
    return ", ".join(values) if values else None


def prefers(headers: Headers, preference: str) -> bool:
    """Check whether the caller has this preference. Write it in lower case, as `name=value`."""
    preferences = (combined(headers, "Prefer") or "").lower().split(",")
    return preference in {each.partition(";")[0].strip().replace('"', "") for each in preferences}


class MediaType(Struct, frozen=True):
    """A media type or media range: its name and its parameters, with names in lower case."""

    name: str
    parameters: Mapping[str, str]

    def is_served(self) -> bool:
        """Check whether the parameters allow FHIR STU3 in UTF-8."""
        return (
            _STU3.fullmatch(self.parameters.get("fhirversion", "3.0")) is not None
            and self.parameters.get("charset", "utf-8").lower() in _UTF_8
        )

    def wire_format(self) -> WireFormat | None:
        """Find the format of this name, or None."""
        return _WIRE_FORMATS.get(self.name) if self.is_served() else None


def read_media_types(header: str) -> Sequence[MediaType]:
    """Read the media types in a header, at most the first hundred."""
    elements = islice(_ELEMENT.finditer(header), _MAX_MEDIA_TYPES)
    return [read_media_type(element.group()) for element in elements]


def read_media_type(text: str) -> MediaType:
    """Read one media type."""
    name, *parameters = _PARAMETER.findall(text) or [""]
    pairs = [parameter.partition("=") for parameter in parameters]
    return MediaType(
        name.strip().lower(),
        {key.strip().lower(): value.strip().strip('"') for key, _equals, value in pairs},
    )


class NotAcceptable(Struct, frozen=True):
    """The caller rules out every media type of the answer."""


class FormatUnknown(Struct, frozen=True):
    """The caller asks for an unknown format, or for two."""


class UnsupportedMediaType(Struct, frozen=True):
    """The service does not read the media type or character set of the body."""


class UnsupportedContentCoding(Struct, frozen=True):
    """The body is compressed, or has another content coding."""


MediaTypeRefused: TypeAlias = NotAcceptable | FormatUnknown | UnsupportedMediaType | UnsupportedContentCoding


def check_acceptable(request: Request[Any, Any, Any]) -> Result[WireFormat, MediaTypeRefused]:
    """Choose the format of the answer. Refuse a caller that rules out both."""
    return _asked_format(request.headers, request.scope["query_string"])


def check_media_types(request: Request[Any, Any, Any]) -> Result[WireFormat, MediaTypeRefused]:
    """Find the format of the body. Refuse a caller that rules out both formats, or sends another one."""
    asked = check_acceptable(request)
    if failed(asked):
        return Failure(asked.failure())
    sent = _sent_format(request.headers)
    if sent is None:
        return Failure(UnsupportedMediaType())
    if (combined(request.headers, "Content-Encoding") or "identity").lower() != "identity":
        return Failure(UnsupportedContentCoding())
    return Success(sent)


def answer_format(headers: Headers, query: bytes) -> WireFormat:
    """Choose the format of an answer that must be sent: if none is acceptable, that of the body, or JSON."""
    asked = _asked_format(headers, query)
    return asked.unwrap() if not failed(asked) else _sent_format(headers) or WireFormat.JSON


def _asked_format(headers: Headers, query: bytes) -> Result[WireFormat, MediaTypeRefused]:
    """Choose by the query, else by the header Accept, else by the format of the body."""
    queried = parse_qs(query.decode("latin-1")).get("_format") if query else None
    if queried:
        [wire_format, *others] = {_named_format(each) for each in queried}
        return Failure(FormatUnknown()) if wire_format is None or others else Success(wire_format)
    accept = combined(headers, "Accept")
    if accept:
        wire_format = _accepted_format(accept)
        return Failure(NotAcceptable()) if wire_format is None else Success(wire_format)
    return Success(_sent_format(headers) or WireFormat.JSON)


def _named_format(name: str) -> WireFormat | None:
    """Read a value of the parameter _format. An unescaped `+` arrives as a space.

    Source: http://hl7.org/fhir/STU3/http.html#parameters
    """
    media_type = read_media_type(name)
    if media_type.name in list(WireFormat):
        return WireFormat(media_type.name)
    return MediaType(media_type.name.replace(" ", "+"), media_type.parameters).wire_format()


def _sent_format(headers: Headers) -> WireFormat | None:
    return _format_of(combined(headers, "Content-Type") or "")


# callers send the same header at every call
@lru_cache(maxsize=64)
def _format_of(content_type: str) -> WireFormat | None:
    return read_media_type(content_type).wire_format()


@lru_cache(maxsize=64)
def _accepted_format(accept: str) -> WireFormat | None:
    """Choose the format of the greatest weight, JSON before XML, or None if no weight is above 0.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
    """
    ranges = read_media_types(accept)
    weights = {wire_format: _weight_of(wire_format, ranges) for wire_format in WireFormat}
    best = max(WireFormat, key=weights.__getitem__)
    return best if weights[best] > 0 else None


def _weight_of(wire_format: WireFormat, ranges: Sequence[MediaType]) -> float:
    """Find the weight of the most specific range that covers a format."""
    weights: dict[int, float] = {}
    for each in ranges:
        specificity = _specificity(each, wire_format)
        weights[specificity] = max(weights.get(specificity, 0), _weight(each.parameters))
    best = max(weights, default=0)
    return weights[best] if best else 0


def _specificity(media_range: MediaType, wire_format: WireFormat) -> int:
    """Rate how closely a range fits a format: 0 if it does not cover it."""
    if media_range.name in _RANGES and media_range.is_served():
        return _RANGES[media_range.name]
    if media_range.wire_format() is not wire_format:
        return 0
    return 4 if media_range.name == MEDIA_TYPES[wire_format] else 3


def _weight(parameters: Mapping[str, str]) -> float:
    weight = parameters.get("q", "1")
    return float(weight) if _WEIGHT.fullmatch(weight) else 0
