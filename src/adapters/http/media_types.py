"""Which media types are taken and sent.

Source: http://hl7.org/fhir/STU3/http.html#mime-type
"""

from collections.abc import Mapping
from typing import TypeAlias

from litestar.datastructures import Headers
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.http.headers import combined

FHIR_JSON = "application/fhir+json; charset=UTF-8"
"""What every answer under /fhir is sent as."""

_JSON = ("application/fhir+json", "application/json", "application/json+fhir")
"""What FHIR in JSON is called; the last is the name that the standard's second draft gave it."""

_SPECIFICITY = {"*/*": 1, "application/*": 2} | dict.fromkeys(_JSON, 3)


class NotAcceptable(Struct, frozen=True):
    """The caller rules out the media type of the answer."""


class UnsupportedMediaType(Struct, frozen=True):
    """The body is of a media type or character set that is not read."""


class UnsupportedContentCoding(Struct, frozen=True):
    """The body is compressed, or coded in another way that is not read."""


MediaTypeRefused: TypeAlias = NotAcceptable | UnsupportedMediaType | UnsupportedContentCoding


def check_media_types(headers: Headers) -> Result[None, MediaTypeRefused]:
    """Refuse a caller that rules out our answer, and a body that is not ours to read."""
    if not _accepts_json(combined(headers, "Accept") or "*/*"):
        return Failure(NotAcceptable())
    if not _is_json(combined(headers, "Content-Type") or ""):
        return Failure(UnsupportedMediaType())
    if (combined(headers, "Content-Encoding") or "identity").lower() != "identity":
        return Failure(UnsupportedContentCoding())
    return Success(None)


def _accepts_json(accept: str) -> bool:
    """Tell whether the most specific of the ranges that cover JSON has a weight above 0."""
    weights: dict[int, float] = {}
    for media_range in accept.split(","):
        name, parameters = _parse(media_range)
        if name in _SPECIFICITY and _is_fhir_3(parameters):
            specificity = _SPECIFICITY[name]
            weights[specificity] = max(weights.get(specificity, 0), _weight(parameters))
    return bool(weights) and weights[max(weights)] > 0


def _is_json(content_type: str) -> bool:
    name, parameters = _parse(content_type)
    return name in _JSON and _is_fhir_3(parameters) and parameters.get("charset", "utf-8").lower() == "utf-8"


def _is_fhir_3(parameters: Mapping[str, str]) -> bool:
    return parameters.get("fhirversion", "3.0") == "3.0"


def _weight(parameters: Mapping[str, str]) -> float:
    try:
        return float(parameters.get("q", "1"))
    except ValueError:
        return 0


def _parse(media_type: str) -> tuple[str, Mapping[str, str]]:
    name, *parameters = media_type.split(";")
    pairs = [parameter.partition("=") for parameter in parameters]
    return name.strip().lower(), {
        key.strip().lower(): value.strip().strip('"') for key, _equals, value in pairs
    }
