"""Parameters in JSON, read strictly.

Source: http://hl7.org/fhir/STU3/json.html
"""

from json import loads

from msgspec import DecodeError, json

from adapters.fhir.parameters import Parameters


class _RepeatedNameError(ValueError):
    pass


_decoder = json.Decoder(Parameters)


def decode_parameters(body: bytes) -> Parameters:
    """Read Parameters as `msgspec.json.decode` does; an object that names a property twice raises too."""
    parameters = _decoder.decode(body)
    if _has_repeated_name(body, parameters):
        raise DecodeError("a name that stands twice in an object")
    return parameters


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
