"""The route of the document that tells SMART clients where their access tokens come from.

Source: https://hl7.org/fhir/smart-app-launch/conformance.html
"""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Operation
from msgspec import UNSET, Struct, UnsetType, json

from adapters.fhir.operation_outcome import IssueType
from adapters.http.cacheable_response import cacheable_response
from adapters.http.conformance_documentation import described
from adapters.http.documented_refusals import DocumentedRefusal
from adapters.http.fhir_response import refusal_response
from adapters.http.refusal import Refusal
from adapters.http.request_log import note
from adapters.http.transport_refusals import UNAVAILABLE
from application.ports.authorisation_server import AuthorisationServer, AuthorisationServerDirectory

_NOT_DESCRIBED = Refusal(
    404,
    IssueType.NOT_FOUND,
    "The service was told the keys of its issuer and knows no more of it: ask whoever runs the service.",
)

_CAPABILITIES = {
    "private_key_jwt": "client-confidential-asymmetric",
    "client_secret_basic": "client-confidential-symmetric",
    "client_secret_post": "client-confidential-symmetric",
}
"""What follows from the ways in which clients may authenticate."""


class SmartConfiguration(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a client needs to know; the capabilities claim no more than what the issuer says of itself."""

    authorization_endpoint: str | UnsetType = UNSET
    token_endpoint: str
    token_endpoint_auth_methods_supported: Sequence[str]
    introspection_endpoint: str | UnsetType = UNSET
    revocation_endpoint: str | UnsetType = UNSET
    grant_types_supported: Sequence[str]
    scopes_supported: Sequence[str]
    capabilities: Sequence[str]


_DOCUMENTATION = described(
    "Where SMART clients get their access tokens",
    SmartConfiguration,
    {
        404: DocumentedRefusal("The issuer's metadata are not consulted here.", _NOT_DESCRIBED),
        503: DocumentedRefusal("The issuer does not answer now.", UNAVAILABLE),
    },
    operation_class=Operation,
    media_type="application/json",
)


def smart_configuration_route(
    scopes: Sequence[str], servers: AuthorisationServerDirectory
) -> HTTPRouteHandler:
    """Make the route."""

    @route(
        "/fhir/.well-known/smart-configuration",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        **_DOCUMENTATION,
    )
    async def smart_configuration(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Describe the issuer. Without its metadata there is nothing to say: token_endpoint is required."""
        server = await servers.look_up()
        if server is None:
            note(request, refusal="IssuerNotDescribed")
            return refusal_response(request, _NOT_DESCRIBED)
        body = json.encode(_configuration(scopes, server))
        return cacheable_response(request, body, "application/json")

    return smart_configuration


def _configuration(scopes: Sequence[str], server: AuthorisationServer) -> SmartConfiguration:
    methods = server.token_endpoint_auth_methods
    return SmartConfiguration(
        authorization_endpoint=server.authorization_endpoint or UNSET,
        token_endpoint=server.token_endpoint,
        token_endpoint_auth_methods_supported=methods,
        introspection_endpoint=server.introspection_endpoint or UNSET,
        revocation_endpoint=server.revocation_endpoint or UNSET,
        grant_types_supported=["client_credentials"],
        scopes_supported=scopes,
        capabilities=sorted({_CAPABILITIES[method] for method in methods if method in _CAPABILITIES}),
    )
