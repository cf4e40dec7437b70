"""The routes of the OpenAPI document, and of a page that shows it without files from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from adapters.http.protocol_refusals import NOT_FOUND
from adapters.http.responses import refusal_response

_HERE = Path(__file__).parent
_ASSETS = "/docs/swagger-ui"
_MEDIA_TYPE = "application/vnd.oai.openapi+json"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Invitation tokens</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{assets}/swagger-ui.css">
<script src="{assets}/swagger-ui-bundle.js"></script>
</head>
<body>
<div id="interface"></div>
<script>SwaggerUIBundle({{dom_id: "#interface", spec: {document}, validatorUrl: null}})</script>
</body>
</html>
"""


@cache
def openapi_document(version: str) -> bytes:
    """Read the OpenAPI document once, and give it as JSON with the version of the release."""
    document = msgspec.yaml.decode((_HERE / "openapi.yaml").read_bytes())
    document["info"]["version"] = version
    return msgspec.json.encode(document)


def docs_routes(version: str) -> list[HTTPRouteHandler | Router]:
    """Make the routes of the document, of the page, and of the files which the page loads."""

    @get(["/docs/openapi.json", "/schema"], media_type=_MEDIA_TYPE, sync_to_thread=False)
    def document() -> bytes:
        """Give the OpenAPI document; generators of clients look for it at `/schema`."""
        return openapi_document(version)

    @get("/docs", media_type="text/html", sync_to_thread=False)
    def page() -> bytes:
        """Show the OpenAPI document by Swagger UI, from the copy beside this module."""
        # a closing tag within the document would end the script
        document = openapi_document(version).decode().replace("</", "<\\/")
        return _PAGE.format(assets=_ASSETS, document=document).encode()

    assets = create_static_files_router(
        path=_ASSETS,
        directories=[_HERE / "swagger_ui"],
        name="docs-assets",
        # impossible file names: with NUL, too long, or below a file
        exception_handlers={ValueError: _no_such_file, InternalServerException: _no_such_file},
    )
    return [page, document, assets]


def _no_such_file(request: Request[Any, Any, Any], _raised: Exception) -> Response[bytes]:
    return refusal_response(request, NOT_FOUND)
