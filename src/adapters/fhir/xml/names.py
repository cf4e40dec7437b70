"""The names of FHIR XML and their namespaces.

Source: http://hl7.org/fhir/STU3/xml.html

It would write the namespace out before every name, and so make gigabytes of a long one that is used often.

Source: https://www.w3.org/TR/xml-names/
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import DecodeError

RESOURCE_TYPE = "resourceType"
"""The property that tells the type of a resource in JSON; in XML the name of an element does."""

PRIMITIVE_VALUE = "value"
"""The attribute that holds the value of a primitive."""

NARRATIVE_DIV = "div"
"""The only element that is not FHIR's own, but XHTML."""

_OF_ELEMENTS = frozenset({"id"})
_OF_EXTENSIONS = frozenset({"id", "url"})
_EXTENSIONS = frozenset({"extension", "modifierExtension"})


def attributes_of(element: str) -> frozenset[str]:
    """Give the properties of a complex element that are attributes in XML; those of resources never are."""
    return _OF_EXTENSIONS if element in _EXTENSIONS else _OF_ELEMENTS


_DECLARATION = "xmlns"


class Namespace(StrEnum):
    """A namespace that means something here."""

    FHIR = "http://hl7.org/fhir"
    SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


_KNOWN = {str(namespace): namespace for namespace in Namespace}


class Namespaces:
    """The declarations of the elements that the reader is in."""

    def __init__(self) -> None:
        """Start outside of all elements."""
        self._declared: defaultdict[str | None, list[Namespace | None]] = defaultdict(list)
        self._declared[None].append(None)
        self._entered: list[Sequence[str | None]] = []

    def enter(self, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """Go into an element, and give those of its attributes that declare nothing."""
        declarations = [name for name in attributes if name.startswith(_DECLARATION)]
        if not declarations:
            self._entered.append(())
            return attributes
        prefixes = [_declared_prefix(name) for name in declarations]
        for name, prefix in zip(declarations, prefixes, strict=True):
            self._declared[prefix].append(_KNOWN.get(attributes[name]))
        self._entered.append(prefixes)
        return {name: value for name, value in attributes.items() if not name.startswith(_DECLARATION)}

    def leave(self) -> None:
        """Go out of the element entered last."""
        for prefix in self._entered.pop():
            self._declared[prefix].pop()

    def resolve(self, name: str) -> tuple[Namespace | None, str]:
        """Give the namespace of an element, None for any that means nothing, and its name there.

        Raises DecodeError when the prefix is not declared.
        """
        if ":" not in name:
            return self._declared[None][-1], name
        prefix, local = _split(name)
        declared = self._declared.get(prefix)
        if not declared:
            raise DecodeError("a prefix that is not declared")
        return declared[-1], local


def _declared_prefix(declaration: str) -> str | None:
    """Give the prefix that an attribute declares, None where it declares what has no prefix."""
    if declaration == _DECLARATION:
        return None
    prefix, local = _split(declaration)
    if prefix != _DECLARATION:
        raise DecodeError("a name that is kept for XML")
    return local


def _split(name: str) -> tuple[str, str]:
    prefix, _colon, local = name.partition(":")
    if not prefix or not local or ":" in local:
        raise DecodeError("a name with a colon that parts nothing")
    return prefix, local
