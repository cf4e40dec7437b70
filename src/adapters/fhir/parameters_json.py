"""Parameters in JSON, read strictly.

Source: http://hl7.org/fhir/STU3/json.html
"""

from collections.abc import Iterator
from json import loads

from msgspec import DecodeError, Raw, Struct, ValidationError, json

from adapters.fhir.parameters import Parameter, Parameters

_MAX_COMMAS = 200_000
"""In a body that is read once more, parameter by parameter: forty for each of 5,000."""


class _RepeatedNameError(ValueError):
    pass


class _Undecoded(Struct):
    """The parameters in a body, each as it stands there."""

    parameter: list[Raw] = []


_decoder = json.Decoder(Parameters)
_parameter_decoder = json.Decoder(Parameter)
_undecoded = json.Decoder(_Undecoded)


def decode_parameters(body: bytes) -> Parameters:
    """Read Parameters as `msgspec.json.decode` does; an object that names a property twice raises too."""
    parameters = _decoder.decode(body)
    if _has_repeated_name(body, parameters):
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
