"""The routes of the OpenAPI document, and of a page that shows it without files from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from adapters.fhir.operations import ROOT
from adapters.http.protocol_refusals import NOT_FOUND
from adapters.http.responses import refusal_response

_HERE = Path(__file__).parent
_PATH = "/docs"
_ASSETS = "docs/swagger-ui"
"""Relative to the page, so that the files are found under any base path."""

_MEDIA_TYPE = "application/vnd.oai.openapi+json"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Invitation tokens</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{assets}/swagger-ui.css">
<script src="{assets}/swagger-ui-bundle.js"></script>
</head>
<body>
<div id="interface"></div>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)")
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches)
dark.addEventListener("change", follow)
follow()
</script>
<script>SwaggerUIBundle({dom_id: "#interface", spec: {document}, validatorUrl: null})</script>
</body>
</html>
"""


@cache
def openapi_document(version: str, public_root: str) -> bytes:
    """Read the OpenAPI document once, and give it as JSON with the version of the release.

    `public_root` is where callers find what the service answers under /fhir. Paths are relative to the server
    in the document: https://spec.openapis.org/oas/v3.1.0#server-object .
    """
    document = msgspec.yaml.decode((_HERE / "openapi.yaml").read_bytes())
    document["info"]["version"] = version
    if public_root.endswith(ROOT):
        document["servers"] = [{"url": public_root.removesuffix(ROOT) or "/"}]
    else:
        document["servers"] = [{"url": public_root or "/"}]
        # all other paths are below the root of the service itself, which only its operators reach
        document["paths"] = {
            path.removeprefix(ROOT): methods
            for path, methods in document["paths"].items()
            if path.startswith(f"{ROOT}/")
        }
    return msgspec.json.encode(document)


def docs_routes(version: str, public_root: str) -> list[HTTPRouteHandler | Router]:
    """Make the routes of the document, of the page, and of the files which the page loads."""

    @get(["/docs/openapi.json", "/schema"], media_type=_MEDIA_TYPE, sync_to_thread=False)
    def document() -> bytes:
        """Give the OpenAPI document; generators of clients look for it at `/schema`."""
        return openapi_document(version, public_root)

    @get(_PATH, media_type="text/html", sync_to_thread=False)
    def page() -> bytes:
        """Show the OpenAPI document by Swagger UI, from the copy beside this module."""
        # a closing tag within the document would end the script
        document = openapi_document(version, public_root).decode().replace("</", "<\\/")
        return _PAGE.replace("{assets}", _ASSETS).replace("{document}", document).encode()

    assets = create_static_files_router(
        path=f"/{_ASSETS}",
        directories=[_HERE / "swagger_ui"],
        name="docs-assets",
        # impossible file names: with NUL, too long, or below a file
        exception_handlers={ValueError: _no_such_file, InternalServerException: _no_such_file},
    )
    return [page, document, assets]


def _no_such_file(request: Request[Any, Any, Any], _raised: Exception) -> Response[bytes]:
    return refusal_response(request, NOT_FOUND)
