"""The real service in its own process, its issuer, and a call over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import click
import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from msgspec import Struct, json

from adapters.fhir.identifiers import patient_identifiers
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from adapters.fhir.parameters import Parameter, Parameters
from adapters.fhir.redemption_operations import (
    BIRTH_DATE,
    CLAIM,
    CLAIM_INVITATION,
    CODE,
    CONFIRM_REGISTRATION,
    TOKEN,
)
from domain.identifiers import RequestedIdentifier

ISSUER = "https://issuer.demo.invalid"
CLIENT_ID = "demo-mail-house"

_ALGORITHM = "ES256"
_LIFETIME = timedelta(hours=8)


class Issuer:
    """Signs access tokens that the service accepts, as it reads this issuer's public key."""

    def __init__(self) -> None:
        """Make a new key."""
        self._key = ECKey.generate_key("P-256", auto_kid=True)

    def publish(self, jwks: Path) -> None:
        """Write the public key as a key set."""
        jwks.write_bytes(json.encode(KeySet([self._key]).as_dict(private=False)))

    def access_token(self, audience: str, scope: str, issued_at: datetime, client_id: str = CLIENT_ID) -> str:
        """Sign an access token for a client.

        Source: https://www.rfc-editor.org/rfc/rfc9068#section-2
        """
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        claims = {
            "iss": ISSUER,
            "sub": client_id,
            "client_id": client_id,
            "aud": audience,
            "scope": scope,
            "iat": issued_at,
            "exp": issued_at + _LIFETIME,
        }
        return jwt.encode(header, claims, self._key)


_START_SECONDS = 120
_STOP_SECONDS = 20


def free_port() -> int:
    """Find a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    port: int, settings: Mapping[str, str], log: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `invitations serve` with these settings only, until the block ends; it logs to `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    command = [sys.executable, "-m", "entrypoints", "serve", "--port", str(port), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env={**inherited, **settings}, stdout=output, stderr=output
        )
    try:
        _wait_until_ready(port, process, log)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_SECONDS)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise click.ClickException(f"the service did not start; it logged:\n{log.read_text()}")


class Call(Struct, frozen=True):
    """A request, ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def send(self) -> httpx.Response:
        """Send it over HTTP."""
        return httpx.post(
            self.url, headers=dict(self.headers), content=self.body, timeout=30, trust_env=False
        )

    def as_curl(self) -> str:
        """Give the command that sends it from a shell."""
        headers = [f"-H '{name}: {value}'" for name, value in self.headers.items()]
        return " \\\n  ".join(["curl -sS", f"'{self.url}'", *headers, f"-d '{self.body.decode()}'"])


def generate_call(
    base_url: str, access_token: str, organisation_id: str, identifiers: Iterable[RequestedIdentifier]
) -> Call:
    """Ask for invitation tokens for patients."""
    headers = {
        "Authorization": f"Bearer {access_token}",
        "X-Org-Public-Id": organisation_id,
        "Content-Type": "application/fhir+json",
        "Accept": "application/fhir+json",
    }
    return _call(base_url, GENERATE_INVITATION_TOKENS, headers, patient_identifiers(identifiers))


def claim_call(base_url: str, access_token: str, code: str, token: str, birth_date: date) -> Call:
    """Claim an invitation as a portal that has a form of its own."""
    return _portal_call(
        base_url,
        CLAIM_INVITATION,
        access_token,
        Parameter(name=CODE, value_string=code),
        Parameter(name=TOKEN, value_string=token),
        Parameter(name=BIRTH_DATE, value_date=birth_date.isoformat()),
    )


def confirm_call(base_url: str, access_token: str, claim: str) -> Call:
    """Confirm a registration."""
    return _portal_call(
        base_url, CONFIRM_REGISTRATION, access_token, Parameter(name=CLAIM, value_string=claim)
    )


def _portal_call(
    base_url: str, operation: OperationDeclaration, access_token: str, *parameters: Parameter
) -> Call:
    headers = {
        "Authorization": f"Bearer {access_token}",
        "Content-Type": "application/fhir+json",
        "Accept": "application/fhir+json",
    }
    body = Parameters(resource_type="Parameters", parameter=[*parameters])
    return _call(base_url, operation, headers, body)


def _call(
    base_url: str, operation: OperationDeclaration, headers: Mapping[str, str], body: Parameters
) -> Call:
    return Call(base_url + operation.path.removeprefix("/fhir"), headers, json.encode(body))
