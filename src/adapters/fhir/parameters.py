"""The resource Parameters, which carries the parameters of an operation, and its strict reader from JSON.

Sources: http://hl7.org/fhir/STU3/parameters.html , http://hl7.org/fhir/STU3/json.html
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import UNSET, DecodeError, Raw, Struct, UnsetType, ValidationError, field, json

from adapters.fhir.elements import Element, Identifier, Sibling, Unread
from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.repeated_names import has_repeated_name
from adapters.fhir.wire_format import WireFormat
from domain.confidential import Confidential


class BodyNotReadable(Struct, frozen=True):
    """The body is not in its declared format in UTF-8, or is nested too deep.

    JSON that repeats a property in an object is not readable either, nor is XML with a document type.
    """

    wire_format: WireFormat


class BodyNotValid(Struct, frozen=True):
    """The body is not the expected resource: it has unknown elements, or values of the wrong type.

    `expressions` are the FHIRPaths of the wrong elements, at most one in a parameter. In XML, only the first
    one is found.
    """

    expressions: tuple[str, ...]


class ElementsMissing(Struct, frozen=True):
    """Required elements are missing, at these FHIRPaths."""

    expressions: tuple[str, ...]


class ParametersUnknown(Struct, frozen=True):
    """The operation `takes` no parameters of these names. `expressions` are their FHIRPaths."""

    expressions: tuple[str, ...]
    takes: tuple[str, ...]


class ParametersMissing(Struct, frozen=True):
    """The operation needs one of these parameters, and there is none."""

    names: tuple[str, ...]


class ParametersExclusive(Struct, frozen=True):
    """Only one of the parameters of these names may be sent. `expressions` are the FHIRPaths of both."""

    expressions: tuple[str, ...]
    names: tuple[str, ...]


class ValuesMissing(Struct, frozen=True):
    """The operation needs each of its parameters, of these names, with a value, once."""

    expressions: tuple[str, ...]
    names: tuple[str, ...]


class ValueNotAllowed(Struct, frozen=True):
    """The parameter does not take this value, but `takes`."""

    expression: str
    takes: str


class DateNotFull(Struct, frozen=True):
    """A date has no day, or does not exist."""

    expressions: tuple[str, ...]
    name: str


SelectionRefused: TypeAlias = ParametersMissing | ParametersExclusive | ValueNotAllowed
BodyRefused: TypeAlias = (
    BodyNotReadable
    | BodyNotValid
    | ElementsMissing
    | ParametersUnknown
    | SelectionRefused
    | ValuesMissing
    | DateNotFull
)


class Parameter(Element, frozen=True, kw_only=True):
    """A named parameter: one value, a resource, or parts."""

    name: str
    value_identifier: Identifier | UnsetType = UNSET
    value_string: str | UnsetType = UNSET
    value_boolean: bool | UnsetType = UNSET
    value_code: str | UnsetType = UNSET
    value_integer: int | UnsetType = UNSET
    value_date: str | UnsetType = UNSET
    value_date_time: str | UnsetType = UNSET
    resource: OperationOutcome | UnsetType = UNSET
    part: list["Parameter"] | UnsetType = UNSET
    name_sibling: Sibling = field(default=UNSET, name="_name")
    value_string_sibling: Sibling = field(default=UNSET, name="_valueString")


class Parameters(
    Confidential, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """The parameters of an operation. FHIR allows no empty array, so `parameter` may be absent."""

    resource_type: Literal["Parameters"]
    id: str | UnsetType = UNSET
    meta: dict[str, Unread] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    parameter: list[Parameter] | UnsetType = UNSET
    id_sibling: Sibling = field(default=UNSET, name="_id")
    language_sibling: Sibling = field(default=UNSET, name="_language")


_MAX_COMMAS = 200_000
"""The limit for a second reading, parameter by parameter: forty for each of 5,000 parameters."""


class _Undecoded(Struct):
    """The parameters in a body, not decoded yet."""

    parameter: list[Raw] = []


_decoder = json.Decoder(Parameters)
_parameter_decoder = json.Decoder(Parameter)
_undecoded = json.Decoder(_Undecoded)


def decode_parameters(body: bytes) -> Parameters:
    """Read Parameters as `msgspec.json.decode` does, but refuse an object that repeats a property."""
    parameters = _decoder.decode(body)
    if has_repeated_name(body, parameters):
        raise DecodeError("a repeated name in an object")
    return parameters


def invalid_parameters(body: bytes) -> Iterator[tuple[int, ValidationError]]:
    """Find every parameter that `decode_parameters` would refuse, with its position.

    Raises DecodeError, UnicodeDecodeError or RecursionError if the body cannot be read at all.
    """
    if body.count(b",") > _MAX_COMMAS:
        return
    for position, parameter in enumerate(_undecoded.decode(body).parameter):
        try:
            _parameter_decoder.decode(parameter)
        except ValidationError as error:
            yield position, error
