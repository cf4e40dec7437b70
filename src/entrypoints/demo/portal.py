"""A stand-in for the portal at which patients register.

It does what a portal must do: it takes the claim that the join page sends, and confirms the registration by
an OAuth client of its own. A real portal lets the patient create an account in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import cast
from urllib.parse import parse_qs

import httpx
from msgspec import Struct

from domain.invitations import InvitationToken
from entrypoints.demo.service import Call, claim_call, confirm_call

CLIENT_ID = "demo-portal"
PATH = "/register"

_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{heading} - Demo portal</title>
<link rel="icon" href="data:,">
</head>
<body style="font: 1.2rem/1.4 system-ui, sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem">
<main>
<h1>{heading}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}
_LARGEST = 4_096
_NOT_FOUND = 404


class Exchange(Struct, frozen=True):
    """A call, and the answer to it."""

    call: Call
    response: httpx.Response


class StandInPortal:
    """Calls the service with an access token of its own, and keeps the calls."""

    def __init__(self, base_url: str, access_token: str) -> None:
        """Call the service at `base_url`."""
        self.exchanges: list[Exchange] = []
        self._base_url = base_url
        self._access_token = access_token

    def claim(self, token: InvitationToken, birth_date: date) -> Exchange:
        """Claim an invitation."""
        return self._sent(claim_call(self._base_url, self._access_token, token.code, token.token, birth_date))

    def register(self, claim: str) -> tuple[int, bytes]:
        """Register the patient who has a claim, and give status and page."""
        try:
            confirmed = self._sent(confirm_call(self._base_url, self._access_token, claim)).response
        except httpx.TransportError:
            return 503, _page("We cannot register you now", "Press the button again in a minute.")
        if confirmed.is_success:
            return 200, _page("You are registered", "You can now see your health record.")
        sentence = confirmed.json()["issue"][0]["diagnostics"]
        return confirmed.status_code, _page("You are not registered", sentence)

    def _sent(self, call: Call) -> Exchange:
        exchange = Exchange(call, call.send())
        self.exchanges.append(exchange)
        return exchange


def _page(heading: str, text: str) -> bytes:
    return _PAGE.format(heading=escape(heading), text=escape(text)).encode()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Register the patient whose claim the form has."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LARGEST))
        [claim] = parse_qs(body.decode(errors="replace")).get("claim", [""])[:1]
        portal = cast("PortalServer", self.server).portal
        status, page = portal.register(claim) if self.path == PATH else (_NOT_FOUND, b"")
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Length": str(len(page))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        """Log nothing: the demo shows what matters."""


class PortalServer(ThreadingHTTPServer):
    """Answers browsers at a free port of the loopback address, once it has a portal."""

    portal: StandInPortal

    def __init__(self) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """The URL that takes claims."""
        return f"http://127.0.0.1:{self.server_port}{PATH}"


@contextmanager
def portal_server() -> Iterator[PortalServer]:
    """Run a server until the block ends."""
    with PortalServer() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
