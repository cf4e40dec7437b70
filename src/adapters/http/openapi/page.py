"""The page that describes the HTTP interface; it loads nothing from elsewhere."""

from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router

from adapters.http.refusals.transport import NOT_FOUND
from adapters.http.responses import refusal_response

ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of the scheme, not a secret

_ASSETS = "/docs/swagger-ui"

_json = JsonRenderPlugin(path="/openapi.json")

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{assets}/swagger-ui.css">
<script src="{assets}/swagger-ui-bundle.js"></script>
</head>
<body>
<div id="interface"></div>
<script>SwaggerUIBundle({{dom_id: "#interface", spec: {spec}, validatorUrl: null}})</script>
</body>
</html>
"""


class SwaggerPage(OpenAPIRenderPlugin):
    """Shows the OpenAPI document by Swagger UI, from the copy beside this module."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Write the page."""
        # a closing tag within the document would end the script
        spec = self.render_json(request, openapi_schema).decode().replace("</", "<\\/")
        return _PAGE.format(title=openapi_schema["info"]["title"], assets=_ASSETS, spec=spec).encode()


def docs_config(version: str) -> OpenAPIConfig:
    """Say how the OpenAPI document is made and where it is: /docs, and for machines /docs/openapi.json."""
    bearer = SecurityScheme(
        type="http",
        scheme="bearer",
        bearer_format="JWT",
        description="An OAuth 2.0 access token, as the issuer gives it for client credentials.",
    )
    return OpenAPIConfig(
        title="Invitation tokens",
        version=version,
        summary="FHIR STU3 operations that invite patients to their online health record",
        path="/docs",
        render_plugins=[SwaggerPage(path="/"), _json],
        components=Components(security_schemes={ACCESS_TOKEN: bearer}),
    )


def schema_route() -> HTTPRouteHandler:
    """Make the route where generators of clients look for the OpenAPI document too."""
    # anybody may ask for it, and making it takes as long as many calls
    made: list[bytes] = []

    @get("/schema", media_type=_json.media_type, include_in_schema=False, sync_to_thread=False)
    def schema(request: Request[Any, Any, Any]) -> bytes:
        if not made:
            made.append(_json.render(request, request.app.openapi_schema.to_schema()))
        return made[0]

    return schema


def docs_assets() -> Router:
    """Serve the files that the page loads."""
    return create_static_files_router(
        path=_ASSETS,
        directories=[Path(__file__).parent / "swagger_ui"],
        name="docs-assets",
        # names that no file can have: with NUL, too long, below a file
        exception_handlers={ValueError: _no_such_file, InternalServerException: _no_such_file},
    )


def _no_such_file(request: Request[Any, Any, Any], _raised: Exception) -> Response[bytes]:
    return refusal_response(request, NOT_FOUND)
