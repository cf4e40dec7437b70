"""Names in FHIR XML, and the namespaces that they belong to.

The parser's own support for namespaces is off: it writes the namespace before every name, so a long namespace
in a large body would take gigabytes.

Sources: http://hl7.org/fhir/STU3/xml.html , https://www.w3.org/TR/xml-names/
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import DecodeError

RESOURCE_TYPE = "resourceType"
"""The property that holds the type of a resource in JSON. In XML, the name of an element does."""

PRIMITIVE_VALUE = "value"
"""The attribute that holds the value of a primitive."""

SIBLING = "_"
"""How the property begins that holds the id and the extensions of a primitive in JSON."""

NARRATIVE_DIV = "div"
"""The only XHTML element. All others belong to FHIR."""

_OF_ELEMENTS = frozenset({"id"})
_OF_EXTENSIONS = frozenset({"id", "url"})
_EXTENSIONS = frozenset({"extension", "modifierExtension"})

_DECLARATION = "xmlns"


def attributes_of(element: str) -> frozenset[str]:
    """List the properties of a complex element that are attributes in XML. Resources have none."""
    return _OF_EXTENSIONS if element in _EXTENSIONS else _OF_ELEMENTS


class Namespace(StrEnum):
    """A namespace that the reader knows."""

    FHIR = "http://hl7.org/fhir"
    SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


_KNOWN = {str(namespace): namespace for namespace in Namespace}


class Namespaces:
    """The namespace declarations of the open elements."""

    def __init__(self) -> None:
        """Start outside all elements."""
        self._declared: defaultdict[str | None, list[Namespace | None]] = defaultdict(list)
        self._declared[None].append(None)
        self._entered: list[Sequence[str | None]] = []

    def enter(self, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """Enter an element, and return its attributes without the declarations."""
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
        """Leave the current element."""
        for prefix in self._entered.pop():
            self._declared[prefix].pop()

    def resolve(self, name: str) -> tuple[Namespace | None, str]:
        """Split a name into its namespace, None if it is unknown, and its local name.

        Raises DecodeError if the prefix is not declared.
        """
        if ":" not in name:
            return self._declared[None][-1], name
        prefix, local = _split(name)
        declared = self._declared.get(prefix)
        if not declared:
            raise DecodeError("a prefix that is not declared")
        return declared[-1], local


def _declared_prefix(declaration: str) -> str | None:
    """Find the prefix that an attribute declares, or None for the default namespace."""
    if declaration == _DECLARATION:
        return None
    prefix, local = _split(declaration)
    if prefix != _DECLARATION:
        raise DecodeError("a name that is reserved for XML")
    return local


def _split(name: str) -> tuple[str, str]:
    prefix, _colon, local = name.partition(":")
    if not prefix or not local or ":" in local:
        raise DecodeError("a name with a misplaced colon")
    return prefix, local
