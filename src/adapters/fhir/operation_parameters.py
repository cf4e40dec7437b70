"""Reads the parameters of an operation from a body in any wire format, and finds the paths of faults."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, json
from returns.result import Failure, Result, Success

from adapters.fhir.operation_outcome import MAX_EXPRESSIONS
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    Parameters,
    ParametersUnknown,
    decode_parameters,
    invalid_parameters,
)
from adapters.fhir.wire_format import WireFormat
from adapters.fhir.xml import decoder as xml_decoder


class _Name(Struct):
    name: str


class _Names(Struct, rename="camel"):
    """The names of the parameters in a body. Everything else is skipped."""

    resource_type: Literal["Parameters"]
    parameter: list[_Name] = []


class _Decoders(Struct, frozen=True):
    """Raise ValidationError if a body is not the resource, and another error if it is not in the format.

    The XML reader stops after so many parameters, because each of them costs time.
    """

    parameters: Callable[[bytes, int], Parameters]
    names: Callable[[bytes, int], _Names]
    invalid: Callable[[bytes], Iterable[tuple[int, ValidationError]]]


_names_decoder = json.Decoder(_Names)

_DECODERS: Mapping[WireFormat, _Decoders] = {
    WireFormat.JSON: _Decoders(
        lambda body, _at_most: decode_parameters(body),
        lambda body, _at_most: _names_decoder.decode(body),
        invalid_parameters,
    ),
    WireFormat.XML: _Decoders(
        lambda body, at_most: xml_decoder.decode(body, Parameters, at_most),
        lambda body, at_most: xml_decoder.decode(body, _Names, at_most),
        # the XML reader stops at the first fault
        lambda _body: (),
    ),
}


def read_parameters(
    body: bytes, wire_format: WireFormat, names: Sequence[str], at_most: int
) -> Result[Parameters, BodyRefused]:
    """Read a body whose parameters may have only these names; if there are more than `at_most`, not all."""
    decoders = _DECODERS[wire_format]
    # some programs write one, and readers may skip it: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    body = body.removeprefix(BOM_UTF8)
    try:
        parameters = decoders.parameters(body, at_most)
    except ValidationError as error:
        return Failure(_unknown_in(body, decoders, names, at_most) or _not_valid(body, decoders, error))
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return Failure(BodyNotReadable(wire_format))
    unknown = _unknown([each.name for each in parameters.parameter or ()], names)
    return Success(parameters) if unknown is None else Failure(unknown)


ALL_PARAMETERS = "Parameters.parameter"
"""The FHIRPath of all parameters."""


def parameter_path(position: int) -> str:
    """Give the FHIRPath of the parameter at a position, counted from 0."""
    return f"{ALL_PARAMETERS}[{position}]"


def _unknown_in(
    body: bytes, decoders: _Decoders, names: Sequence[str], at_most: int
) -> ParametersUnknown | None:
    # an unknown parameter may have a value of a type that the service does not read
    try:
        named = decoders.names(body, at_most).parameter
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _unknown([each.name for each in named], names)


def _unknown(given: Sequence[str], names: Sequence[str]) -> ParametersUnknown | None:
    paths = tuple(parameter_path(position) for position, name in enumerate(given) if name not in names)
    return ParametersUnknown(paths, tuple(names)) if paths else None


def _not_valid(body: bytes, decoders: _Decoders, first: ValidationError) -> BodyNotValid:
    paths = [_fhir_path("Parameters", first)]
    try:
        invalid = islice(decoders.invalid(body), MAX_EXPRESSIONS)
        paths += [_fhir_path(parameter_path(position), error) for position, error in invalid]
    except (DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return BodyNotValid(tuple(dict.fromkeys(paths)))


def _fhir_path(root: str, error: ValidationError) -> str:
    # the path has only names of our structs, so it repeats nothing from the caller
    found = re.search(r" - at `\$(.*)`$", str(error))
    path = found.group(1) if found else ""
    # what is beside a primitive in JSON belongs to it in FHIRPath
    return root + re.sub(r"\.value[A-Z]\w*", ".value", path.replace("._", "."))
