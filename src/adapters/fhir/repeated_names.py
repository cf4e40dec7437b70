"""Objects in JSON that name a property twice, which decoders pass over: they keep the last one alone.

Source: http://hl7.org/fhir/STU3/json.html
"""

from json import loads

from msgspec import json


class _RepeatedNameError(ValueError):
    pass


def has_repeated_name(text: bytes, decoded: object) -> bool:
    """Tell whether an object in JSON names a property twice, given all that was decoded of it.

    What was dropped took quotation marks with it, so where none are missing nothing was; but one
    written as an escape is missing without anything dropped, and so hides what was.
    """
    if rb"\u0022" not in text and text.count(b'"') == json.encode(decoded).count(b'"'):
        return False
    try:
        loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        return True
    return False


def _once_each(properties: list[tuple[str, object]]) -> None:
    if len(dict(properties)) < len(properties):
        raise _RepeatedNameError
