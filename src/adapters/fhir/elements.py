"""Data types of FHIR STU3, as far as they are sent or taken.

Elements that are legal and mean nothing here are accepted unread; all others are refused.
Source: http://hl7.org/fhir/STU3/datatypes.html
"""

from typing import Any, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from domain.confidential import Confidential


class Definition(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A resource that can be read by its id, and found by its URL."""

    resource_type: Literal["CodeSystem", "OperationDefinition"]
    id: str
    url: str
    name: str


Unread: TypeAlias = Any
"""Legal content that is neither read nor checked."""


class Element(
    Confidential, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """What every element may carry."""

    id: str | UnsetType = UNSET
    extension: list[Unread] | UnsetType = UNSET


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


class Coding(Element, frozen=True, kw_only=True):
    """A code of a code system.

    Source: http://hl7.org/fhir/STU3/datatypes.html#Coding
    """

    system: str
    code: str
    display: str | UnsetType = UNSET


class CodeableConcept(Element, frozen=True, kw_only=True):
    """A concept, by codes and text.

    Source: http://hl7.org/fhir/STU3/datatypes.html#CodeableConcept
    """

    coding: list[Coding] | UnsetType = UNSET
    text: str | UnsetType = UNSET


class Extension(Element, frozen=True, kw_only=True):
    """What the standard itself has no element for: a value, or extensions in turn.

    Source: http://hl7.org/fhir/STU3/extensibility.html
    """

    url: str
    value_uri: str | UnsetType = UNSET


class Reference(Element, frozen=True, kw_only=True):
    """A pointer to a resource, relative to the address of the service.

    Source: http://hl7.org/fhir/STU3/references.html
    """

    reference: str
