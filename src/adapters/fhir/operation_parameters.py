"""The parameters of an operation, read from a body in any wire format, and the paths that lead to them."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, json
from returns.result import Failure, Result, Success

from adapters.fhir import xml_decoder
from adapters.fhir.body_refused import BodyNotReadable, BodyNotValid, BodyRefused, ParametersUnknown
from adapters.fhir.parameters import Parameters
from adapters.fhir.parameters_json import decode_parameters
from adapters.fhir.wire_format import WireFormat


class _Name(Struct):
    name: str


class _Names(Struct, rename="camel"):
    """The names of the parameters in a body, whatever else it holds."""

    resource_type: Literal["Parameters"]
    parameter: list[_Name] = []


class _Decoders(Struct, frozen=True):
    """Raise ValidationError for what is not the resource, another error for what is not in the format."""

    parameters: Callable[[bytes], Parameters]
    names: Callable[[bytes], _Names]


_DECODERS: Mapping[WireFormat, _Decoders] = {
    WireFormat.JSON: _Decoders(decode_parameters, json.Decoder(_Names).decode),
    WireFormat.XML: _Decoders(
        partial(xml_decoder.decode, resource=Parameters), partial(xml_decoder.decode, resource=_Names)
    ),
}


def read_parameters(
    body: bytes, wire_format: WireFormat, names: frozenset[str]
) -> Result[Parameters, BodyRefused]:
    """Read a body whose parameters may have these names."""
    decoders = _DECODERS[wire_format]
    try:
        parameters = decoders.parameters(body)
    except ValidationError as error:
        return Failure(_unknown_in(body, decoders, names) or BodyNotValid(_fhir_path(error)))
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return Failure(BodyNotReadable(wire_format))
    unknown = _unknown([each.name for each in parameters.parameter or ()], names)
    return Success(parameters) if unknown is None else Failure(unknown)


def parameter_path(position: int) -> str:
    """Give the FHIRPath of the parameter at a position, counted from 0."""
    return f"Parameters.parameter[{position}]"


def _unknown_in(body: bytes, decoders: _Decoders, names: frozenset[str]) -> ParametersUnknown | None:
    # the value of a parameter that the operation does not have may be of a type that it does not read
    try:
        named = decoders.names(body).parameter
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _unknown([each.name for each in named], names)


def _unknown(given: Sequence[str], names: frozenset[str]) -> ParametersUnknown | None:
    paths = tuple(parameter_path(position) for position, name in enumerate(given) if name not in names)
    return ParametersUnknown(paths) if paths else None


def _fhir_path(error: ValidationError) -> str:
    # the decoders name the place by elements of ours alone, so nothing of the caller's is repeated
    place = re.search(r" - at `\$(.*)`$", str(error))
    path = place.group(1) if place else ""
    return "Parameters" + re.sub(r"\.value[A-Z]\w*", ".value", path)
