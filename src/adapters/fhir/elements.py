"""The data types of FHIR STU3 that the service reads or writes.

Legal elements that the service does not need are accepted unread. All others are refused.
Source: http://hl7.org/fhir/STU3/datatypes.html
"""

from typing import Any, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType, field

from domain.confidential import Confidential


class Definition(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A resource that can be read by id, and found by URL."""

    resource_type: Literal["CodeSystem", "OperationDefinition"]
    id: str
    url: str
    name: str


Unread: TypeAlias = Any
"""Legal content that is neither read nor checked."""


class Element(
    Confidential, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """The properties that every element may have."""

    id: str | UnsetType = UNSET
    extension: list[Unread] | UnsetType = UNSET


Sibling: TypeAlias = Element | UnsetType
"""The id and the extensions of a primitive, in JSON the property beside it whose name begins with `_`.

Source: http://hl7.org/fhir/STU3/json.html#primitive
"""


class Identifier(Element, frozen=True, kw_only=True):
    """A value that is unique within a system.

    Source: http://hl7.org/fhir/STU3/datatypes.html#Identifier
    """

    use: str | UnsetType = UNSET
    type: dict[str, Unread] | UnsetType = UNSET
    system: str | UnsetType = UNSET
    value: str | UnsetType = UNSET
    period: dict[str, Unread] | UnsetType = UNSET
    assigner: dict[str, Unread] | UnsetType = UNSET
    use_sibling: Sibling = field(default=UNSET, name="_use")
    system_sibling: Sibling = field(default=UNSET, name="_system")
    value_sibling: Sibling = field(default=UNSET, name="_value")


class Coding(Element, frozen=True, kw_only=True):
    """A code of a code system.

    Source: http://hl7.org/fhir/STU3/datatypes.html#Coding
    """

    system: str
    code: str
    display: str | UnsetType = UNSET


class CodeableConcept(Element, frozen=True, kw_only=True):
    """A concept, as codes and text.

    Source: http://hl7.org/fhir/STU3/datatypes.html#CodeableConcept
    """

    coding: list[Coding] | UnsetType = UNSET
    text: str | UnsetType = UNSET


class Extension(Element, frozen=True, kw_only=True):
    """An element outside the standard: a value, or more extensions.

    Source: http://hl7.org/fhir/STU3/extensibility.html
    """

    url: str
    value_uri: str | UnsetType = UNSET


class Reference(Element, frozen=True, kw_only=True):
    """A pointer to a resource, relative to the address of the service.

    Source: http://hl7.org/fhir/STU3/references.html
    """

    reference: str
