"""Answers outside /fhir at exact paths only.

A proxy that keeps /metrics from the public compares text. The framework also takes other spellings of it.
"""

import re

from litestar.exceptions import NotFoundException

from adapters.http.bodies import AsgiApp, Receive, Scope, Send
from adapters.http.protocol_refusals import NOT_FOUND
from adapters.http.request_log import note_in
from adapters.http.responses import send_refusal

_UNDER_FHIR = b"/fhir/"

# no empty segment, also not at the end, no segment of dots, and nothing that is percent-encoded
_EXACT = re.compile(rb"/|(/(?!\.{1,2}(/|$))[^/%]+)+")


class ExactPaths:
    """ASGI middleware that refuses every other spelling of a path outside /fhir as unknown.

    Under /fhir, clients may percent-encode: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2 .
    """

    def __init__(self, app: AsgiApp) -> None:
        """Pass requests on to `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless its path is another spelling."""
        if scope["type"] == "http" and not _is_exact(scope):
            note_in(scope, refusal=NotFoundException.__name__)
            await send_refusal(scope, send, NOT_FOUND)
            return
        await self._app(scope, receive, send)


def _is_exact(scope: Scope) -> bool:
    sent: bytes = scope.get("raw_path") or scope["path"].encode(errors="surrogateescape")
    return sent.startswith(_UNDER_FHIR) or _EXACT.fullmatch(sent) is not None
