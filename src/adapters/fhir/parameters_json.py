"""Parameters in JSON, read strictly.

Source: http://hl7.org/fhir/STU3/json.html
"""

import re
from collections.abc import Sequence
from json import loads

from msgspec import DecodeError, Struct, ValidationError, json
from returns.result import Failure, Result, Success

from adapters.fhir.body_refused import BodyNotReadable, BodyNotValid, BodyRefused, ParametersUnknown
from adapters.fhir.parameters import Parameters


class _RepeatedNameError(ValueError):
    pass


class _Name(Struct):
    name: str


class _Names(Struct):
    """The names of the parameters in a body, whatever else it holds."""

    parameter: list[_Name] = []


_decoder = json.Decoder(Parameters)
_names_decoder = json.Decoder(_Names)


def read_parameters(body: bytes, names: frozenset[str]) -> Result[Parameters, BodyRefused]:
    """Read a body whose parameters may have these names."""
    try:
        parameters = _decoder.decode(body)
    except ValidationError as error:
        return Failure(_unknown_in(body, names) or BodyNotValid(_fhir_path(error)))
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return Failure(BodyNotReadable())
    if _has_repeated_name(body, parameters):
        return Failure(BodyNotReadable())
    unknown = _unknown([each.name for each in parameters.parameter or ()], names)
    return Success(parameters) if unknown is None else Failure(unknown)


def parameter_path(position: int) -> str:
    """Give the FHIRPath of the parameter at a position, counted from 0."""
    return f"Parameters.parameter[{position}]"


def _unknown_in(body: bytes, names: frozenset[str]) -> ParametersUnknown | None:
    # the value of a parameter that the operation does not have may be of a type that it does not read
    try:
        named = _names_decoder.decode(body).parameter
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _unknown([each.name for each in named], names)


def _unknown(given: Sequence[str], names: frozenset[str]) -> ParametersUnknown | None:
    paths = tuple(parameter_path(position) for position, name in enumerate(given) if name not in names)
    return ParametersUnknown(paths) if paths else None


def _fhir_path(error: ValidationError) -> str:
    # msgspec names the place by elements of ours alone, so nothing of the caller's is repeated
    place = re.search(r" - at `\$(.*)`$", str(error))
    path = place.group(1) if place else ""
    return "Parameters" + re.sub(r"\.value[A-Z]\w*", ".value", path)


def _has_repeated_name(body: bytes, parameters: Parameters) -> bool:
    """Tell whether an object names a property twice: the decoder kept the last one alone.

    What was dropped took quotation marks with it, so where none are missing nothing was; but one
    written as an escape is missing without anything dropped, and so hides what was.
    """
    if rb"\u0022" not in body and body.count(b'"') == json.encode(parameters).count(b'"'):
        return False
    try:
        loads(body, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        return True
    return False


def _once_each(properties: list[tuple[str, object]]) -> None:
    if len(dict(properties)) < len(properties):
        raise _RepeatedNameError
