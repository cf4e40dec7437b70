"""The public routes that describe the service. They need no access token.

Source: https://hl7.org/fhir/smart-app-launch/conformance.html
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import UNSET, Struct, UnsetType, json

from adapters.fhir.conformance.capability_statement import Release, capability_statement
from adapters.fhir.conformance.definitions import definitions
from adapters.fhir.conformance.search import Collection, search
from adapters.fhir.operation_outcome import IssueType
from adapters.http.formats import prefers
from adapters.http.protocol_refusals import search_refusal
from adapters.http.request_log import note
from adapters.http.responses import cacheable_response, refusal_response, refuse, resource_response
from adapters.http.status_codes import Refusal
from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable
from domain.results import failed


class ConformanceSettings(Struct, frozen=True):
    """The address of the service, the scopes of its operations, and its authorisation server."""

    base_url: str
    scopes: Sequence[str]
    authorisation_servers: AuthorisationServerRepository
    release: Release


def conformance_routes(published: ConformanceSettings) -> list[HTTPRouteHandler]:
    """Make the routes under /fhir that describe the service."""
    base_url = published.base_url.rstrip("/")
    collections = definitions(base_url)
    routes = [
        _metadata_route(base_url, published, collections),
        smart_configuration_route(published.scopes, published.authorisation_servers),
    ]
    for collection in collections:
        routes += [_search_route(collection), _read_route(collection)]
    return routes


def _metadata_route(
    base_url: str, published: ConformanceSettings, collections: Sequence[Collection]
) -> HTTPRouteHandler:
    @get("/fhir/metadata")
    async def metadata(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Answer with the capability statement, the same one for every mode."""
        server = await _known(published.authorisation_servers)
        return resource_response(
            request, capability_statement(base_url, published.scopes, collections, server, published.release)
        )

    return metadata


async def _known(servers: AuthorisationServerRepository) -> AuthorisationServer | None:
    # the capabilities of the service do not depend on an answer of its issuer
    try:
        return await servers.look_up()
    except Unavailable:
        return None


def _search_route(collection: Collection) -> HTTPRouteHandler:
    @get(f"/fhir/{collection.type}")
    async def search_type(request: Request[Any, Any, Any]) -> Response[bytes]:
        # Litestar's URL begins with the caller's Host, and some servers let bytes through that are not UTF-8
        query = parse_qsl(request.scope["query_string"].decode(errors="replace"), keep_blank_values=True)
        found = search(collection, query, strict=prefers(request.headers, "handling=strict"))
        if failed(found):
            return refuse(request, found.failure(), search_refusal(found.failure()))
        return resource_response(request, found.unwrap())

    return search_type


def _read_route(collection: Collection) -> HTTPRouteHandler:
    @get(f"/fhir/{collection.type}/{{resource_id:str}}")
    async def read(request: Request[Any, Any, Any], resource_id: FromPath[str]) -> Response[bytes]:
        resource = collection.read(resource_id)
        if resource is None:
            raise NotFoundException
        return resource_response(request, resource)

    return read


_NOT_DESCRIBED = Refusal(
    404,
    IssueType.NOT_FOUND,
    "No issuer metadata is configured. Ask the operator of the service where to get access tokens.",
)

_CAPABILITIES = {
    "private_key_jwt": "client-confidential-asymmetric",
    "client_secret_basic": "client-confidential-symmetric",
    "client_secret_post": "client-confidential-symmetric",
}
"""The capability of each way in which clients may authenticate."""


class SmartConfiguration(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The SMART configuration. It claims only capabilities from the issuer's metadata."""

    authorization_endpoint: str | UnsetType = UNSET
    token_endpoint: str
    token_endpoint_auth_methods_supported: Sequence[str]
    introspection_endpoint: str | UnsetType = UNSET
    revocation_endpoint: str | UnsetType = UNSET
    grant_types_supported: Sequence[str]
    scopes_supported: Sequence[str]
    capabilities: Sequence[str]


def smart_configuration_route(
    scopes: Sequence[str], servers: AuthorisationServerRepository
) -> HTTPRouteHandler:
    """Make the route."""

    @get("/fhir/.well-known/smart-configuration")
    async def smart_configuration(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Describe the issuer. Without metadata this is a 404, because token_endpoint is required."""
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
