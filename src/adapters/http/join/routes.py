"""The routes of the page.

Looking at the page counts and claims nothing, because mail scanners follow links. Only sending the form does.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, cast

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from adapters.http.bodies import Scope, Send, received_body
from adapters.http.in_flight_limit import send_unavailable
from adapters.http.join.claims import Claim, JoinClaims
from adapters.http.join.client_addresses import ClientAddresses, TrustedProxies
from adapters.http.join.form import typed_in_form, typed_in_link
from adapters.http.join.pages import Page, Pages
from adapters.http.join.words import BROKEN, BUSY, NOT_READ
from adapters.http.protocol_refusals import request_refusal
from adapters.http.request_log import note
from adapters.http.responses import refusal_of
from adapters.serving.in_flight_limit import NoSlotFree
from application.ports.system import Clock
from domain.results import failed

PATH = "/join"

_BODY_BYTES = 8_192

_SERVICE_UNAVAILABLE = 503
_RETRY_AFTER_SECONDS = 60


class JoinRoutes:
    """Answers requests to the page. `forms` gives the largest size of a form, by its path."""

    forms = MappingProxyType({PATH: _BODY_BYTES})

    def __init__(
        self, portal_url: str, claim: Claim, clock: Clock, proxies: TrustedProxies, now: Callable[[], int]
    ) -> None:
        """Send patients to the portal to register; `now` is a monotonic clock, in ns."""
        self._pages = Pages(portal_url)
        self._claims = JoinClaims(claim, clock, self._pages, ClientAddresses(proxies), now)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Make the handlers of the routes."""

        @get(PATH, exception_handlers={Exception: self._raised})
        async def look(request: Request[Any, Any, Any]) -> Response[bytes]:
            """Show the form, filled in from the link."""
            return _response(self._pages.form(typed_in_link(request.scope["query_string"])))

        @post(PATH, request_max_body_size=_BODY_BYTES, exception_handlers={Exception: self._raised})
        async def send(request: Request[Any, Any, Any]) -> Response[bytes]:
            """Claim the invitation by what was typed in."""
            return _response(await self._send(request))

        return [look, send]

    async def refuse_unread(self, scope: Scope, send: Send) -> None:
        """Refuse a request for which no slot is free, from outside the framework."""
        if scope["path"] != PATH:
            await send_unavailable(scope, send)
            return
        page = self._busy()
        headers = [(name.lower().encode(), value.encode()) for name, value in page.headers.items()]
        await send({"type": "http.response.start", "status": page.status, "headers": headers})
        await send({"type": "http.response.body", "body": page.content, "more_body": False})

    async def _send(self, request: Request[Any, Any, Any]) -> Page:
        body = await received_body(request)
        if failed(body):
            note(request, refusal=type(body.failure()).__name__)
            return self._pages.ended(NOT_READ, request_refusal(body.failure()).status)
        judged = await self._claims(typed_in_form(body.unwrap()), cast("Scope", request.scope))
        note(request, **judged.noted)
        return judged.page

    def _raised(self, request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
        note(request, refusal=type(raised).__name__)
        status = refusal_of(request, raised).status
        # a slot was free for the head of the request, but not in time for its body
        is_busy = isinstance(raised, NoSlotFree)
        return _response(self._busy() if is_busy else self._pages.ended(BROKEN, status))

    def _busy(self) -> Page:
        return self._pages.ended(BUSY, _SERVICE_UNAVAILABLE).later(_RETRY_AFTER_SECONDS)


def _response(page: Page) -> Response[bytes]:
    return Response(page.content, status_code=page.status, headers=dict(page.headers))
