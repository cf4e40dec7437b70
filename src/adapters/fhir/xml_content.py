"""What an XML document holds, put together as FHIR JSON would hold it."""

from collections.abc import Mapping
from typing import Any, NoReturn, assert_never

from msgspec import DecodeError, Struct, ValidationError

from adapters.fhir.xml_names import (
    FHIR_NAMESPACE,
    PRIMITIVE_VALUE,
    RESOURCE_TYPE,
    SCHEMA_NAMESPACE,
    XHTML_NAMESPACE,
    XML_NAMESPACE,
)
from adapters.fhir.xml_shapes import SEPARATOR, Complex, ElementRule, Primitive, Resource, Shape, Unread

MAX_DEPTH = 200
"""How deep elements may be nested: more than any resource needs, and well within the interpreter's stack."""

_WHITE_SPACE = " \t\r\n"
_KNOWN_NAMESPACES = (f"{FHIR_NAMESPACE}{SEPARATOR}", f"{XHTML_NAMESPACE}{SEPARATOR}")
_XML_ATTRIBUTE = f"{XML_NAMESPACE}{SEPARATOR}"
_ONLY_VALUE = frozenset({PRIMITIVE_VALUE})
# not to be sent, says the standard, whose own examples have it, and so has what was made after them
_ONLY_SCHEMA_LOCATION = frozenset({f"{SCHEMA_NAMESPACE}{SEPARATOR}schemaLocation"})

_NOTHING = Shape({}, is_strict=True)


class _Open(Struct):
    """An element that is not closed yet."""

    shape: Shape
    value: dict[str, Any]
    step: str
    position: int = -1


class XmlContent:
    """Takes the events of a parser and fills `document`.

    Raises ValidationError at once where the shape does not allow what comes: elements are in order and in
    FHIR's namespace, they hold no text, and have no attributes but FHIR's. Names of other namespaces are
    refused even in what is not read, for the parser spells each out, however long it is.
    """

    def __init__(self, shape: Shape) -> None:
        """Expect a document of this shape."""
        self.document: dict[str, Any] = {}
        self._open = [_Open(shape, self.document, "")]
        self._unread = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if len(self._open) + self._unread > MAX_DEPTH:
            raise DecodeError("nested too deep")
        parent = self._open[-1]
        rule = None if self._unread else parent.shape.elements.get(name)
        if rule is not None:
            self._check_place(rule)
            self._start(rule, attributes)
        elif self._unread or not parent.shape.is_strict:
            self._start_unread(name, attributes)
        else:
            self._refuse(f".{RESOURCE_TYPE}" if parent.shape.is_wrapper else "")

    def end(self, _name: str) -> None:
        """Take the end of an element."""
        if self._unread:
            self._unread -= 1
        else:
            self._open.pop()

    def text(self, text: str) -> None:
        """Take text between tags."""
        if not self._unread and text.strip(_WHITE_SPACE):
            self._refuse()

    def _check_place(self, rule: ElementRule) -> None:
        parent = self._open[-1]
        is_repeated = rule.position == parent.position
        if rule.position < parent.position or (is_repeated and not rule.repeats):
            self._refuse()
        parent.position = rule.position

    def _start(self, rule: ElementRule, attributes: Mapping[str, str]) -> None:
        match rule.content:
            case Primitive(read):
                text = attributes.get(PRIMITIVE_VALUE)
                step = self._put(rule, None if text is None else read(text))
                self._descend(_NOTHING, {}, step, attributes, _ONLY_VALUE)
            case Complex(shape, allowed):
                value = dict(attributes)
                self._descend(shape, value, self._put(rule, value), attributes, allowed)
            case Resource(resource_type, shape):
                value = self._open[-1].value
                value[RESOURCE_TYPE] = resource_type
                self._descend(shape, value, "", attributes, _ONLY_SCHEMA_LOCATION)
            case Unread():
                self._put(rule, attributes.get(PRIMITIVE_VALUE, {}))
                self._start_unread(FHIR_NAMESPACE + SEPARATOR, attributes)
            case _:
                assert_never(rule.content)

    def _put(self, rule: ElementRule, value: object) -> str:
        """Put a value where it belongs, and give the step of the path that leads there."""
        siblings = self._open[-1].value
        if not rule.repeats:
            siblings[rule.name] = value
            return f".{rule.name}"
        siblings.setdefault(rule.name, []).append(value)
        return f".{rule.name}[{len(siblings[rule.name]) - 1}]"

    def _descend(
        self,
        shape: Shape,
        value: dict[str, Any],
        step: str,
        attributes: Mapping[str, str],
        allowed: frozenset[str],
    ) -> None:
        self._open.append(_Open(shape, value, step))
        if not attributes.keys() <= allowed:
            self._refuse()

    def _start_unread(self, name: str, attributes: Mapping[str, str]) -> None:
        self._unread += 1
        if not name.startswith(_KNOWN_NAMESPACES):
            self._refuse()
        for attribute in attributes:
            if SEPARATOR in attribute and not attribute.startswith(_XML_ATTRIBUTE):
                self._refuse()

    def _refuse(self, step: str = "") -> NoReturn:
        steps = "".join(each.step for each in self._open)
        # in the words of msgspec, whose own errors lead to a place likewise
        raise ValidationError(f"Not as FHIR has it - at `${steps}{step}`")
