"""A stand-in for the portal at which patients register.

It does what a portal must do: it takes the claim that the join page sends, and confirms the registration by an
OAuth client of its own. A real portal lets the patient create an account in between.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeAlias
from urllib.parse import parse_qs

import httpx

from entrypoints.demo.service import Call

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

Confirm: TypeAlias = Callable[[str], Call]
"""Makes the call that confirms a claim."""


@contextmanager
def portal(port: int, confirm: Confirm) -> Iterator[str]:
    """Serve the portal at the loopback address until the block ends, and give the URL for claims."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LARGEST))
            [claim] = parse_qs(body.decode(errors="replace")).get("claim", [""])[:1]
            status, page = _answer(confirm(claim)) if self.path == PATH else (404, b"")
            self.send_response(status)
            for name, value in {**_HEADERS, "Content-Length": str(len(page))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_arguments: object) -> None:
            """Log nothing: the demo shows what matters."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PATH}"
        finally:
            server.shutdown()
            thread.join()


def _answer(call: Call) -> tuple[int, bytes]:
    try:
        confirmed = call.send()
    except httpx.TransportError:
        return 503, _page("We cannot register you now", "Press the button again in a minute.")
    if confirmed.is_success:
        return 200, _page("You are registered", "You can now see your health record.")
    issues = confirmed.json().get("issue") or [{}]
    return confirmed.status_code, _page("You are not registered", issues[0].get("diagnostics", ""))


def _page(heading: str, text: str) -> bytes:
    return _PAGE.format(heading=escape(heading), text=escape(text)).encode()
