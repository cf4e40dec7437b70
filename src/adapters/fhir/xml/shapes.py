"""The elements that XML may hold, and their order, derived from the types of the structs."""

import re
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from msgspec import Struct, inspect

from adapters.fhir.xml.names import RESOURCE_TYPE, SIBLING, attributes_of

_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")


class Shape(Struct, frozen=True):
    """The content of a complex element: elements in order, and no others if it is strict.

    A wrapper holds one resource, in an element named after its type.
    """

    elements: dict[str, "ElementRule"]
    is_strict: bool
    is_wrapper: bool = False


class Primitive(Struct, frozen=True):
    """A value. `read` returns a text of the wrong type unchanged, so that the validation refuses it."""

    read: Callable[[str], object]


class Complex(Struct, frozen=True):
    """Elements, and properties that are attributes."""

    shape: Shape
    attributes: frozenset[str]


class Resource(Struct, frozen=True):
    """A resource."""

    resource_type: str
    shape: Shape


class Unread(Struct, frozen=True):
    """Content that is not read."""


Content: TypeAlias = Primitive | Complex | Resource | Unread


class ElementRule(Struct, frozen=True):
    """The name of an element in JSON, its position among its siblings, and its content."""

    name: str
    position: int
    repeats: bool
    content: Content


@cache
def document_shape(resource: type[Struct]) -> Shape:
    """Derive the shape of a document that holds a resource. Raises TypeError if the struct is no resource."""
    described = inspect.type_info(resource)
    resource_type = _resource_type(described)
    if not isinstance(described, inspect.StructType) or resource_type is None:
        raise TypeError(f"{resource.__name__} is not a resource")
    return _wrapper(described, resource_type, {})


def _wrapper(described: inspect.StructType, resource_type: str, known: dict[type, Shape]) -> Shape:
    resource = Resource(resource_type, _shape(described, known))
    rule = ElementRule(resource_type, position=0, repeats=False, content=resource)
    return Shape({resource_type: rule}, is_strict=True, is_wrapper=True)


def _shape(described: inspect.StructType, known: dict[type, Shape]) -> Shape:
    if described.cls in known:
        return known[described.cls]
    # registered before it is complete, because an element may hold others of its type
    shape = known[described.cls] = Shape({}, is_strict=described.forbid_unknown_fields)
    no_element = "id" if _resource_type(described) is None else RESOURCE_TYPE
    for position, field in enumerate(described.fields):
        if field.encode_name != no_element and not field.encode_name.startswith(SIBLING):
            shape.elements[field.encode_name] = _rule(field, position, known)
    return shape


def _rule(field: inspect.Field, position: int, known: dict[type, Shape]) -> ElementRule:
    described = _when_given(field.type)
    if isinstance(described, inspect.ListType):
        content = _content(field.encode_name, described.item_type, known)
        return ElementRule(field.encode_name, position, repeats=True, content=content)
    content = _content(field.encode_name, described, known)
    return ElementRule(field.encode_name, position, repeats=False, content=content)


def _content(name: str, described: inspect.Type, known: dict[type, Shape]) -> Content:
    match described:
        case inspect.StructType():
            resource_type = _resource_type(described)
            if resource_type is not None:
                return Complex(_wrapper(described, resource_type, known), frozenset())
            return Complex(_shape(described, known), attributes_of(name))
        case inspect.AnyType() | inspect.DictType():
            return Unread()
        case inspect.BoolType():
            return Primitive(lambda text: _BOOLEANS.get(text, text))
        case inspect.IntType():
            return Primitive(lambda text: int(text) if _INTEGER.fullmatch(text) else text)
        case inspect.FloatType():
            return Primitive(lambda text: float(text) if _DECIMAL.fullmatch(text) else text)
        case _:
            return Primitive(str)


def _when_given(described: inspect.Type) -> inspect.Type:
    """Strip None from an optional type."""
    if not isinstance(described, inspect.UnionType):
        return described
    [given] = [each for each in described.types if not isinstance(each, inspect.NoneType)]
    return given


def _resource_type(described: inspect.Type) -> str | None:
    if isinstance(described, inspect.StructType):
        for field in described.fields:
            if field.encode_name == RESOURCE_TYPE and isinstance(field.type, inspect.LiteralType):
                return str(field.type.values[0])
    return None
