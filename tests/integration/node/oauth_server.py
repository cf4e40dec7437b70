"""The OAuth server oidc-provider, certified by the OpenID Foundation, as a process of its own."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import httpx
from msgspec import Struct, json

from tests.integration.node.programs import node_command

STOP_SECONDS = 10

RFC_8414 = "/.well-known/oauth-authorization-server"
OPENID_DISCOVERY = "/.well-known/openid-configuration"


class OAuthSettings(Struct, frozen=True):
    """What the server is set up for; `clients` gives secrets by client id, or other registered metadata."""

    audiences: Sequence[str]
    scopes: Sequence[str]
    clients: Mapping[str, str | Mapping[str, object]]
    format: Literal["jwt", "opaque"] = "jwt"
    metadata: str = RFC_8414


class OAuthServer:
    """A running server, and its clients' side of it."""

    def __init__(self, issuer: str, clients: Mapping[str, str | Mapping[str, object]]) -> None:
        self.issuer = issuer
        self._clients = clients

    def access_token(self, client_id: str, *, scope: str = "", resource: str | None = None) -> str:
        """Get a token by client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 ."""
        form = {"grant_type": "client_credentials", "scope": scope}
        if resource is not None:
            form["resource"] = resource
        return str(self._post(client_id, "/token", form).json()["access_token"])

    def revoke(self, client_id: str, access_token: str) -> None:
        """Take a token back: https://www.rfc-editor.org/rfc/rfc7009 ."""
        self._post(client_id, "/token/revocation", {"token": access_token})

    def rotate(self) -> None:
        """Sign with a new key from now on; the ones before stay published."""
        httpx.post(f"{self.issuer}/test/rotate").raise_for_status()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Answer everything with 503 until the block ends."""
        httpx.put(f"{self.issuer}/test/outage").raise_for_status()
        yield
        httpx.delete(f"{self.issuer}/test/outage").raise_for_status()

    def _post(self, client_id: str, path: str, form: Mapping[str, str]) -> httpx.Response:
        secret = self._clients[client_id]
        assert isinstance(secret, str)
        credentials = (client_id, secret)
        return httpx.post(f"{self.issuer}{path}", data=form, auth=credentials).raise_for_status()


@contextmanager
def running_oauth_server(settings: OAuthSettings, log: Path) -> Iterator[OAuthServer]:
    """Run the server on a free port of the loopback address until the block ends."""
    command = node_command("oauth_server.mjs", json.encode(settings).decode())
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout is not None
    try:
        issuer = process.stdout.readline().decode().strip()
        assert issuer, log.read_text()
        yield OAuthServer(issuer, settings.clients)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        process.stdout.close()
