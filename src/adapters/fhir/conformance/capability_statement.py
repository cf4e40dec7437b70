"""The resource CapabilityStatement, which describes the service.

Source: http://hl7.org/fhir/STU3/capabilitystatement.html
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, Struct

from adapters.fhir.conformance.search import Collection
from adapters.fhir.elements import CodeableConcept, Coding, Element, Extension, Reference
from adapters.fhir.operations import OPERATIONS
from application.ports.access import AuthorisationServer

FORMATS = ("application/fhir+json", "application/fhir+xml")

_SECURITY_SERVICES = "http://hl7.org/fhir/restful-security-service"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
"""Source: https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/index.html"""


class Release(Struct, frozen=True):
    """A release of the software; the date is that of the newest release that was published."""

    name: str
    version: str
    date: str


class Software(Element, frozen=True, kw_only=True):
    """The software of the service."""

    name: str
    version: str
    release_date: str


class Implementation(Element, frozen=True, kw_only=True):
    """The running service."""

    description: str
    url: str


class Security(Element, frozen=True, kw_only=True):
    """How access is controlled. The extension has the addresses of the authorisation server."""

    service: list[CodeableConcept]
    description: str


class Interaction(Element, frozen=True, kw_only=True):
    """An interaction with resources of a type."""

    code: Literal["read", "search-type"]


class SearchParam(Element, frozen=True, kw_only=True):
    """A search parameter."""

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
    """The resources and operations over HTTP."""

    mode: Literal["server"]
    documentation: str
    security: Security
    resource: list[RestResource]
    operation: list[RestOperation]


class CapabilityStatement(Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """The capabilities of the service."""

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


def capability_statement(
    base_url: str,
    scopes: Sequence[str],
    collections: Sequence[Collection],
    server: AuthorisationServer | None,
    release: Release,
) -> CapabilityStatement:
    """Describe the service under `base_url`. `server` issues its access tokens, if that is known."""
    return CapabilityStatement(
        resource_type="CapabilityStatement",
        url=f"{base_url}/metadata",
        version=release.version,
        name=release.name,
        title="Invitation tokens",
        status="active",
        date=release.date,
        description="Operations that invite patients to their online health record.",
        kind="instance",
        software=Software(name=release.name, version=release.version, release_date=release.date),
        implementation=Implementation(description="Invitation tokens", url=base_url),
        fhir_version="3.0.2",
        accept_unknown="no",
        format=list(FORMATS),
        rest=[
            Rest(
                mode="server",
                documentation="Call the operations by POST, with a Parameters resource as the body.",
                security=_security(scopes, server),
                resource=[_resource(collection) for collection in collections],
                operation=[
                    RestOperation(
                        name=operation.code,
                        definition=Reference(reference=f"OperationDefinition/{operation.id}"),
                    )
                    for operation in OPERATIONS
                ],
            )
        ],
    )


def _security(scopes: Sequence[str], server: AuthorisationServer | None) -> Security:
    needed = f" Scopes: {', '.join(scopes)}." if scopes else ""
    return Security(
        extension=[_oauth_uris(server)] if server else UNSET,
        service=[
            CodeableConcept(coding=[Coding(system=_SECURITY_SERVICES, code=code)])
            for code in ("OAuth", "SMART-on-FHIR")
        ],
        description=(
            "The operations need an OAuth 2.0 access token for client credentials, and the header "
            f"X-Org-Public-Id with the UUID of the organisation that the client acts for.{needed} "
            "Portals call claim-invitation and confirm-registration without that header. "
            "The resources that describe the service are public."
        ),
    )


def _oauth_uris(server: AuthorisationServer) -> Extension:
    endpoints = {
        "token": server.token_endpoint,
        "authorize": server.authorization_endpoint,
        "introspect": server.introspection_endpoint,
        "revoke": server.revocation_endpoint,
    }
    return Extension(
        url=_OAUTH_URIS,
        extension=[Extension(url=name, value_uri=uri) for name, uri in endpoints.items() if uri],
    )


def _resource(collection: Collection) -> RestResource:
    return RestResource(
        type=collection.type,
        interaction=[Interaction(code="read"), Interaction(code="search-type")],
        conditional_read="not-match",
        search_param=[
            SearchParam(name=each.name, type=each.type, documentation=each.documentation)
            for each in collection.parameters
        ],
    )
