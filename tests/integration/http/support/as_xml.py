"""A request in XML, made from the same request in JSON by a library that is not ours."""

import json
from typing import Any

from lxml import etree

NAMESPACE = "http://hl7.org/fhir"

_ORDER = (
    *("id", "meta", "language", "extension", "name", "valueIdentifier", "valueString", "part", "parameter"),
    *("use", "type", "system", "value", "period", "assigner"),
)
"""Of the elements that occur in requests, as the standard orders them within whatever they occur in."""


def as_xml(body: bytes) -> bytes:
    """Give the document that says what `body` says: texts, and objects and arrays with something in them."""
    resource = json.loads(body)
    root = etree.Element(f"{{{NAMESPACE}}}{resource.pop('resourceType')}", nsmap={None: NAMESPACE})
    _add_all(root, resource)
    return bytes(etree.tostring(root))


def _add_all(parent: Any, content: dict[str, Any]) -> None:
    for name in sorted(content, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)):
        values = content[name] if isinstance(content[name], list) else [content[name]]
        for value in values:
            _add(parent, name, value)


def _add(parent: Any, name: str, value: Any) -> None:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if not isinstance(value, dict):
        element.set("value", value)
        return
    attributes = {"id", "url"} if name == "extension" else {"id"}
    for attribute in attributes & value.keys():
        element.set(attribute, value[attribute])
    _add_all(element, {child: value[child] for child in value if child not in attributes})
