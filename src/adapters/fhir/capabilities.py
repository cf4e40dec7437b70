"""What this service can do, told by its operations and definitions."""

from collections.abc import Sequence

from msgspec import UNSET

from adapters.fhir.capability_statement import (
    CapabilityStatement,
    Implementation,
    Interaction,
    Rest,
    RestOperation,
    RestResource,
    SearchParam,
    Security,
    Software,
)
from adapters.fhir.elements import CodeableConcept, Coding, Extension, Reference
from adapters.fhir.operations import OPERATIONS
from adapters.fhir.release import DISTRIBUTION, RELEASE_DATE, VERSION
from adapters.fhir.search import Collection
from application.ports.authorisation_server import AuthorisationServer

FORMATS = ("application/fhir+json", "application/fhir+xml")

_SECURITY_SERVICES = "http://hl7.org/fhir/restful-security-service"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
"""Source: https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/index.html"""


def capability_statement(
    base_url: str,
    scopes: Sequence[str],
    collections: Sequence[Collection],
    server: AuthorisationServer | None,
) -> CapabilityStatement:
    """Say what the service under `base_url` can do; `server` is where its access tokens are had, if known."""
    return CapabilityStatement(
        resource_type="CapabilityStatement",
        url=f"{base_url}/metadata",
        version=VERSION,
        name=DISTRIBUTION,
        title="Invitation tokens",
        status="active",
        date=RELEASE_DATE,
        description="Operations that invite patients to their online health record.",
        kind="instance",
        software=Software(name=DISTRIBUTION, version=VERSION, release_date=RELEASE_DATE),
        implementation=Implementation(description="Invitation tokens", url=base_url),
        fhir_version="3.0.2",
        accept_unknown="no",
        format=list(FORMATS),
        rest=[
            Rest(
                mode="server",
                documentation="The operations are called by POST, with a Parameters resource as the body.",
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
            "What describes the service is public."
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
