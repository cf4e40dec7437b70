"""An issuer of opaque access tokens that only answers introspection requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from msgspec import json

from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, SCOPE, STATUS_SCOPE


@contextmanager
def opaque_issuer(*active: str) -> Iterator[str]:
    """Run the issuer of these tokens, all in force; give the URL where it is asked."""

    class Introspection(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            [token] = parse_qs(form)["token"]
            claims = {"aud": AUDIENCE, "client_id": CLIENT_ID, "scope": f"{SCOPE} {STATUS_SCOPE}"}
            answer = json.encode({"active": token in active, **claims})
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Introspection) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/introspect"
        server.shutdown()
