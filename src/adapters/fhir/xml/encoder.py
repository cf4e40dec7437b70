"""Writes resources as XML.

Source: http://hl7.org/fhir/STU3/xml.html
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct, to_builtins

from adapters.fhir.xml.names import NARRATIVE_DIV, PRIMITIVE_VALUE, RESOURCE_TYPE, Namespace, attributes_of

_Json: TypeAlias = dict[str, Any] | list[Any] | str | float
_Written: TypeAlias = list[str]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

# markup, and white space that XML readers change in attributes; "&" first, because references begin with it
_REFERENCES = {character: f"&#{ord(character)};" for character in '&<>"\t\n\r'}
_NOT_PLAIN = re.compile("[^\x20!#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def encode(resource: Struct) -> bytes:
    """Write the properties of the FHIR JSON, with the elements in the order of the fields.

    A character that XML cannot hold becomes U+FFFD. FHIR does not allow such characters in strings, so no
    legal text is lost. A narrative is written unchanged.
    """
    written: _Written = [_DECLARATION]
    _write_resource(to_builtins(resource), written, f' xmlns="{Namespace.FHIR}"')
    return "".join(written).encode()


def _write_resource(resource: Mapping[str, Any], written: _Written, namespace: str = "") -> None:
    name = resource[RESOURCE_TYPE]
    written.append(f"<{name}{namespace}>")
    for child, value in resource.items():
        if child != RESOURCE_TYPE:
            _write(child, value, written)
    written.append(f"</{name}>")


def _write(name: str, value: _Json, written: _Written) -> None:
    match value:
        case list():
            for each in value:
                _write(name, each, written)
        case dict() if RESOURCE_TYPE in value:
            written.append(f"<{name}>")
            _write_resource(value, written)
            written.append(f"</{name}>")
        case dict():
            _write_complex(name, value, written)
        case str() if name == NARRATIVE_DIV:
            written.append(value)
        case _:
            written.append(f'<{name} {PRIMITIVE_VALUE}="{_text(value)}"/>')


def _write_complex(name: str, content: Mapping[str, Any], written: _Written) -> None:
    attributes = content.keys() & attributes_of(name)
    written.append(f"<{name}")
    written.extend(f' {attribute}="{_text(content[attribute])}"' for attribute in sorted(attributes))
    written.append(">")
    for child, value in content.items():
        if child not in attributes:
            _write(child, value, written)
    written.append(f"</{name}>")


def _text(value: _Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _NOT_PLAIN.search(text) is None:
        return text
    # one pass for each character, because a caller may send millions of them
    for character, reference in _REFERENCES.items():
        text = text.replace(character, reference)
    return _NOT_XML.sub(_REPLACEMENT, text)
