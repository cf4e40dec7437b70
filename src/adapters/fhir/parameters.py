"""The resource that carries the parameters of an operation, read strictly from JSON.

Source: http://hl7.org/fhir/STU3/parameters.html

Source: http://hl7.org/fhir/STU3/json.html
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import UNSET, DecodeError, Raw, Struct, UnsetType, ValidationError, json

from adapters.fhir.elements import Element, Identifier, Unread
from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.repeated_names import has_repeated_name
from adapters.fhir.wire_format import WireFormat
from domain.confidential import Confidential


class BodyNotReadable(Struct, frozen=True):
    """The body is not of the format it is sent as, in UTF-8, or is nested too deep to be read.

    JSON that names a property twice is not readable either, nor is XML with a document type declaration.
    """

    wire_format: WireFormat


class BodyNotValid(Struct, frozen=True):
    """The body is not the resource expected: unknown elements, values of the wrong type.

    `expressions` are the FHIRPaths of the elements where that was noticed, at most one in a parameter. XML
    is read as far as the first one alone.
    """

    expressions: tuple[str, ...]


class ElementsMissing(Struct, frozen=True):
    """Required elements are missing, at these FHIRPaths."""

    expressions: tuple[str, ...]


class ParametersUnknown(Struct, frozen=True):
    """The operation has no parameters of these names; the FHIRPaths lead to them."""

    expressions: tuple[str, ...]


BodyRefused: TypeAlias = BodyNotReadable | BodyNotValid | ElementsMissing | ParametersUnknown


class Parameter(Element, frozen=True, kw_only=True):
    """A named parameter: one value, a resource, or parts."""

    name: str
    value_identifier: Identifier | UnsetType = UNSET
    value_string: str | UnsetType = UNSET
    value_boolean: bool | UnsetType = UNSET
    value_date: str | UnsetType = UNSET
    value_date_time: str | UnsetType = UNSET
    resource: OperationOutcome | UnsetType = UNSET
    part: list["Parameter"] | UnsetType = UNSET


class Parameters(
    Confidential, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """The parameters of an operation. FHIR knows no empty array: without parameters the element is absent."""

    resource_type: Literal["Parameters"]
    id: str | UnsetType = UNSET
    meta: dict[str, Unread] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    parameter: list[Parameter] | UnsetType = UNSET


_MAX_COMMAS = 200_000
"""In a body that is read once more, parameter by parameter: forty for each of 5,000."""


class _Undecoded(Struct):
    """The parameters in a body, each as it stands there."""

    parameter: list[Raw] = []


_decoder = json.Decoder(Parameters)
_parameter_decoder = json.Decoder(Parameter)
_undecoded = json.Decoder(_Undecoded)


def decode_parameters(body: bytes) -> Parameters:
    """Read Parameters as `msgspec.json.decode` does; an object that names a property twice raises too."""
    parameters = _decoder.decode(body)
    if has_repeated_name(body, parameters):
        raise DecodeError("a name that stands twice in an object")
    return parameters


def invalid_parameters(body: bytes) -> Iterator[tuple[int, ValidationError]]:
    """Find every parameter that `decode_parameters` would not take, with its position.

    Raises DecodeError, UnicodeDecodeError or RecursionError where the body cannot be read as far as that.
    """
    if body.count(b",") > _MAX_COMMAS:
        return
    for position, parameter in enumerate(_undecoded.decode(body).parameter):
        try:
            _parameter_decoder.decode(parameter)
        except ValidationError as error:
            yield position, error
