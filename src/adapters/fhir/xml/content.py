"""Builds the JSON form of a FHIR resource from the events of an XML parser."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NoReturn, assert_never

from msgspec import DecodeError, Struct, ValidationError

from adapters.fhir.xml.names import PRIMITIVE_VALUE, RESOURCE_TYPE, Namespace, Namespaces
from adapters.fhir.xml.shapes import Complex, ElementRule, Primitive, Resource, Shape, Unread

MAX_DEPTH = 200
"""How deep elements may be nested. No resource needs more, and the interpreter's stack holds it."""

_RESOURCE_DEPTH = 2
"""How many elements are open within the resource and nothing else: the document and the resource."""

_WHITE_SPACE = " \t\r\n"
_NO_ATTRIBUTES: frozenset[str] = frozenset()
_OF_PRIMITIVES = frozenset({PRIMITIVE_VALUE, "id"})
# the standard forbids it in messages, but its own examples have it, and clients copy them
_SCHEMA_LOCATION = (Namespace.SCHEMA_INSTANCE, "schemaLocation")

_EXTENSION = "extension"
_PRIMITIVE = Shape(
    {_EXTENSION: ElementRule(_EXTENSION, position=0, repeats=True, content=Unread())}, is_strict=True
)


class _Open(Struct):
    """An element that is not closed yet."""

    shape: Shape
    value: dict[str, Any]
    step: str
    position: int = -1


class EnoughError(Exception):
    """The resource has more elements of a name than are read; `document` holds those that are."""


class XmlContent:
    """Takes the events of a parser and fills `document`.

    Raises ValidationError at the first fault: elements must be in order and in FHIR's namespace. They may
    have no text, and no attributes except FHIR's. Raises EnoughError when it has read enough.
    """

    def __init__(self, shape: Shape, at_most: int) -> None:
        """Expect a document of this shape, and read so many elements of a name beside each other."""
        self._at_most = at_most
        self.document: dict[str, Any] = {}
        self._open = [_Open(shape, self.document, "")]
        self._namespaces = Namespaces()
        self._unread = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if len(self._open) + self._unread > MAX_DEPTH:
            raise DecodeError("nested too deep")
        if self._unread:
            self._unread += 1
            return
        attributes = self._namespaces.enter(attributes)
        namespace, local_name = self._namespaces.resolve(name)
        shape = self._open[-1].shape
        rule = shape.elements.get(local_name) if namespace is Namespace.FHIR else None
        if rule is not None:
            self._check_place(rule)
            self._start(rule, attributes)
        elif shape.is_strict:
            self._refuse(f".{RESOURCE_TYPE}" if shape.is_wrapper else "")
        else:
            self._unread = 1

    def end(self, _name: str) -> None:
        """Take the end of an element."""
        if self._unread > 1:
            self._unread -= 1
            return
        self._namespaces.leave()
        if self._unread:
            self._unread = 0
            return
        closed = self._open.pop()
        if closed.shape is _PRIMITIVE and closed.value:
            self._drop_absent(closed.step)

    def _drop_absent(self, step: str) -> None:
        """Leave out a primitive without a value. It may have extensions instead, but not nothing at all."""
        siblings, name = self._open[-1].value, step.removeprefix(".")
        if siblings.get(name, "") is None:
            del siblings[name]

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
                self._descend(_PRIMITIVE, {}, step, attributes.keys(), _OF_PRIMITIVES)
            case Complex(shape, allowed):
                value = dict(attributes)
                self._descend(shape, value, self._put(rule, value), attributes.keys(), allowed)
            case Resource(resource_type, shape):
                value = self._open[-1].value
                value[RESOURCE_TYPE] = resource_type
                others = {name for name in attributes if self._namespaces.resolve(name) != _SCHEMA_LOCATION}
                self._descend(shape, value, "", others, _NO_ATTRIBUTES)
            case Unread():
                self._put(rule, attributes.get(PRIMITIVE_VALUE, {}))
                self._unread = 1
            case _:
                assert_never(rule.content)

    def _put(self, rule: ElementRule, value: object) -> str:
        """Put a value where it belongs, and give the step of the path that leads there."""
        siblings = self._open[-1].value
        if not rule.repeats:
            siblings[rule.name] = value
            return f".{rule.name}"
        repeated = siblings.setdefault(rule.name, [])
        if len(repeated) >= self._at_most:
            if len(self._open) > _RESOURCE_DEPTH:
                raise DecodeError("too much markup")
            raise EnoughError
        repeated.append(value)
        return f".{rule.name}[{len(siblings[rule.name]) - 1}]"

    def _descend(
        self,
        shape: Shape,
        value: dict[str, Any],
        step: str,
        attributes: AbstractSet[str],
        allowed: frozenset[str],
    ) -> None:
        self._open.append(_Open(shape, value, step))
        if not attributes <= allowed:
            self._refuse()

    def _refuse(self, step: str = "") -> NoReturn:
        steps = "".join(each.step for each in self._open)
        # like the messages of msgspec, which end with the path too
        raise ValidationError(f"Not as FHIR has it - at `${steps}{step}`")
