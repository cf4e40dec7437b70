"""The resource that says what a service can do.

Source: http://hl7.org/fhir/STU3/capabilitystatement.html
"""

from typing import Literal

from msgspec import Struct

from adapters.fhir.elements import CodeableConcept, Element, Reference


class Software(Element, frozen=True, kw_only=True):
    """The software that runs."""

    name: str
    version: str
    release_date: str


class Implementation(Element, frozen=True, kw_only=True):
    """Where it runs."""

    description: str
    url: str


class Security(Element, frozen=True, kw_only=True):
    """How access is controlled; the extension tells where tokens are had."""

    service: list[CodeableConcept]
    description: str


class Interaction(Element, frozen=True, kw_only=True):
    """What can be done with resources of a type."""

    code: Literal["read", "search-type"]


class SearchParam(Element, frozen=True, kw_only=True):
    """A parameter of the search for a type."""

    name: str
    type: Literal["token", "uri"]
    documentation: str


class RestResource(Element, frozen=True, kw_only=True):
    """A type of resources."""

    type: str
    interaction: list[Interaction]
    conditional_read: Literal["not-match"]
    search_param: list[SearchParam]


class RestOperation(Element, frozen=True, kw_only=True):
    """An operation, and its definition."""

    name: str
    definition: Reference


class Rest(Element, frozen=True, kw_only=True):
    """What can be done over HTTP."""

    mode: Literal["server"]
    documentation: str
    security: Security
    resource: list[RestResource]
    operation: list[RestOperation]


class CapabilityStatement(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What this service can do."""

    resource_type: Literal["CapabilityStatement"]
    url: str
    version: str
    name: str
    title: str
    status: Literal["active"]
    date: str
    description: str
    kind: Literal["instance"]
    software: Software
    implementation: Implementation
    fhir_version: Literal["3.0.2"]
    accept_unknown: Literal["no"]
    format: list[str]
    rest: list[Rest]
