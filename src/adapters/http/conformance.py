"""The routes of what the service publishes about itself. They need no access token and no database."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct
from returns.result import Failure

from adapters.fhir.capabilities import capability_statement
from adapters.fhir.definitions import definitions
from adapters.fhir.search import Collection, search
from adapters.http.cacheable_response import resource_response
from adapters.http.conformance_documentation import METADATA, read_documentation, search_documentation
from adapters.http.preferences import prefers
from adapters.http.refuse import refuse
from adapters.http.search_refusals import search_refusal
from adapters.http.smart_configuration import smart_configuration_route
from application.ports.authorisation_server import AuthorisationServer, AuthorisationServerDirectory
from application.ports.unavailable import Unavailable

_READS = [HttpMethod.GET, HttpMethod.HEAD]


class Published(Struct, frozen=True):
    """What the service tells of itself besides its operations: where it is, and how access is had."""

    base_url: str
    scopes: Sequence[str]
    authorisation_servers: AuthorisationServerDirectory


def conformance_routes(published: Published) -> list[HTTPRouteHandler]:
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
    base_url: str, published: Published, collections: Sequence[Collection]
) -> HTTPRouteHandler:
    @route("/fhir/metadata", http_method=_READS, **METADATA)
    async def metadata(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Say what the service can do; it has one statement, whatever mode is asked for."""
        server = await _known(published.authorisation_servers)
        return resource_response(
            request, capability_statement(base_url, published.scopes, collections, server)
        )

    return metadata


async def _known(servers: AuthorisationServerDirectory) -> AuthorisationServer | None:
    # what the service can do does not depend on whether its issuer answers
    try:
        return await servers.look_up()
    except Unavailable:
        return None


def _search_route(collection: Collection) -> HTTPRouteHandler:
    @route(f"/fhir/{collection.type}", http_method=_READS, **search_documentation(collection))
    async def search_type(request: Request[Any, Any, Any]) -> Response[bytes]:
        # Litestar's URL begins with the caller's Host, and some servers let bytes through that are not UTF-8
        query = parse_qsl(request.scope["query_string"].decode(errors="replace"), keep_blank_values=True)
        found = search(collection, query, strict=prefers(request.headers, "handling=strict"))
        if isinstance(found, Failure):
            return refuse(request, found.failure(), search_refusal)
        return resource_response(request, found.unwrap())

    return search_type


def _read_route(collection: Collection) -> HTTPRouteHandler:
    @route(
        f"/fhir/{collection.type}/{{resource_id:str}}", http_method=_READS, **read_documentation(collection)
    )
    async def read(request: Request[Any, Any, Any], resource_id: FromPath[str]) -> Response[bytes]:
        resource = collection.read(resource_id)
        if resource is None:
            raise NotFoundException
        return resource_response(request, resource)

    return read
