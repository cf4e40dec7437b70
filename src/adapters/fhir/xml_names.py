"""What FHIR XML calls things, where that is not what FHIR JSON calls them.

Source: http://hl7.org/fhir/STU3/xml.html
"""

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
