"""Answers in FHIR."""

from collections.abc import Mapping

from litestar import Response

from adapters.http.asgi import Send
from adapters.http.media_types import FHIR_JSON
from adapters.http.refusal import Refusal

# whether tokens are in it or why there are none: no cache may keep it
_PRIVATE = {"Cache-Control": "no-store"}


def fhir_response(body: bytes, headers: Mapping[str, str] = {}) -> Response[bytes]:
    """Answer 200 with a resource."""
    return Response(body, status_code=200, media_type=FHIR_JSON, headers={**_PRIVATE, **headers})


def refusal_response(refusal: Refusal) -> Response[bytes]:
    """Answer with a refusal."""
    return Response(
        refusal.body(),
        status_code=refusal.status,
        media_type=FHIR_JSON,
        headers={**_PRIVATE, **refusal.headers},
    )


async def send_refusal(send: Send, refusal: Refusal) -> None:
    """Answer with a refusal where there is no framework around."""
    headers = {"Content-Type": FHIR_JSON, **_PRIVATE, **refusal.headers}
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": refusal.body(), "more_body": False})
