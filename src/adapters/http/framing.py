"""Refuses requests whose head does not say clearly what is asked, or how the body is framed.

The server library lets them through. Behind a proxy that reads such a head otherwise, one caller could send a
request in the name of another.
"""

from collections.abc import Sequence

from adapters.http.bodies import AsgiApp, Receive, Scope, Send
from adapters.http.protocol_refusals import BAD_REQUEST, UNKNOWN_TRANSFER_CODING
from adapters.http.request_log import note_in
from adapters.http.responses import send_refusal
from adapters.http.status_codes import Refusal


class FramingCheck:
    """ASGI middleware that refuses ambiguous heads."""

    def __init__(self, app: AsgiApp) -> None:
        """Pass all other requests to `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refused = _refused(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
            return
        name, refusal = refused
        note_in(scope, refusal=name)
        await send_refusal(scope, send, refusal)


def _refused(scope: Scope) -> tuple[str, Refusal] | None:
    """Check Host and Transfer-Encoding.

    Sources: https://www.rfc-editor.org/rfc/rfc9112#section-3.2 and #section-6.1
    """
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    hosts = [value for name, value in headers if name == b"host"]
    # where there is none, the server library makes one that is empty
    if len(hosts) > 1 or (not any(hosts) and scope["http_version"] == "1.1"):
        return "HostMissingOrRepeated", BAD_REQUEST
    if any(name == b"transfer-encoding" and value.strip().lower() != b"chunked" for name, value in headers):
        return "UnknownTransferCoding", UNKNOWN_TRANSFER_CODING
    return None
