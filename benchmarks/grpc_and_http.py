"""Compares how fast patients are invited over each transport, on a PostgreSQL of its own.

.venv/bin/python -m benchmarks.grpc_and_http [ROWS]
"""

import base64
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import grpc
import httpx

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    IDENTIFIER_SYSTEM_NHS_NUMBER,
    GenerateInvitationTokensRequest,
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    PatientIdentifier,
)
from adapters.system import SystemClock
from benchmarks.import_and_invite import ORGANISATION, invitations
from benchmarks.patients import nhs_numbers, write_patients
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import CLIENT_ID, ISSUER, Issuer, free_port, generate_call, service
from tests.integration.embedded_postgresql import EmbeddedPostgresql

BATCH = 500
AT_ONCE = 4
"""The number of concurrent HTTP callers: as many batches as a stream has in progress."""

ROUNDS = 3
"""How often each transport is measured in turn. The medians are printed."""

_METHODS = "/invitations.v1.InvitationTokens/GenerateInvitationTokens"


class Transports:
    """The ways to invite the same patients."""

    def __init__(self, base_url: str, grpc_port: int, token: str, numbers: Sequence[str]) -> None:
        """Connect to a service that runs."""
        self._numbers = numbers
        self._base_url = base_url
        self._token = token
        self._http = httpx.Client(timeout=60)
        self._metadata = (("authorization", f"Bearer {token}"), ("x-org-public-id", ORGANISATION))
        channel = grpc.insecure_channel(f"127.0.0.1:{grpc_port}")
        self._unary = channel.unary_unary(
            _METHODS,
            GenerateInvitationTokensRequest.SerializeToString,
            GenerateInvitationTokensResponse.FromString,
        )
        self._stream = channel.stream_stream(
            f"{_METHODS}Stream",
            GenerateInvitationTokensStreamRequest.SerializeToString,
            GenerateInvitationTokensStreamResponse.FromString,
        )

    def http(self) -> int:
        """Send batch after batch over HTTP."""
        return sum(map(self._post, self._batches()))

    def http_at_once(self) -> int:
        """Send several batches at once over HTTP."""
        with ThreadPoolExecutor(AT_ONCE) as callers:
            return sum(callers.map(self._post, self._batches()))

    def unary(self) -> int:
        """Send batch after batch over gRPC."""
        return sum(map(self._call, self._batches()))

    def stream(self) -> int:
        """Send all of them as a stream."""
        messages = (
            GenerateInvitationTokensStreamRequest(identifiers=map(_identifier, batch))
            for batch in self._batches()
        )
        return sum(len(answer.tokens.invited) for answer in self._stream(messages, metadata=self._metadata))

    def _batches(self) -> Iterator[Sequence[str]]:
        return (self._numbers[start : start + BATCH] for start in range(0, len(self._numbers), BATCH))

    def _post(self, batch: Sequence[str]) -> int:
        named = [RequestedIdentifier("https://fhir.nhs.uk/Id/nhs-number", number) for number in batch]
        call = generate_call(self._base_url, self._token, ORGANISATION, named)
        response = self._http.post(call.url, headers=dict(call.headers), content=call.body)
        return len(response.raise_for_status().json()["parameter"])

    def _call(self, batch: Sequence[str]) -> int:
        request = GenerateInvitationTokensRequest(identifiers=map(_identifier, batch))
        return len(self._unary(request, metadata=self._metadata).invited)


def _identifier(number: str) -> PatientIdentifier:
    return PatientIdentifier(system_code=IDENTIFIER_SYSTEM_NHS_NUMBER, value=number)


def rate(invite: Callable[[], int]) -> float:
    """Give the number of patients invited a second."""
    start = time.perf_counter()
    invited = invite()
    return invited / (time.perf_counter() - start)


def measure(transports: Transports) -> None:
    """Measure each way in turn, and print the rates and how they compare."""
    ways = {
        f"HTTP, batches of {BATCH}, one caller": transports.http,
        f"HTTP, batches of {BATCH}, {AT_ONCE} callers": transports.http_at_once,
        f"gRPC, batches of {BATCH}, one caller": transports.unary,
        "gRPC, a stream": transports.stream,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            rates[name].append(rate(way))
    middle = {name: statistics.median(each) for name, each in rates.items()}
    *others, stream = middle.values()
    for name, patients in middle.items():
        click.echo(f"{name}: {patients:,.0f} patients a second")
    one, several, _unary = others
    click.echo(f"stream to HTTP: {stream / one:.2f} of one caller, {stream / several:.2f} of {AT_ONCE}")


def prepare(settings: Mapping[str, str], directory: Path, rows: int) -> list[str]:
    """Put patients into the database, and return their numbers."""
    write_patients(directory / "patients.csv", rows)
    invitations(settings, "db", "upgrade")
    invitations(settings, "organisations", "add", ORGANISATION, "--name", "Benchmark Hospital")
    invitations(settings, "clients", "grant", CLIENT_ID, ORGANISATION)
    invitations(
        settings, "patients", "import", str(directory / "patients.csv"), "--organisation", ORGANISATION
    )
    return list(islice(nhs_numbers(), rows))


@click.command()
@click.argument("rows", default=50_000)
def main(rows: int) -> None:
    """Invite ROWS patients over each transport, and print the figures."""
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        directory, port, grpc_port = Path(name), free_port(), free_port()
        server = EmbeddedPostgresql(directory, "fsync=on", "shared_buffers=1GB", "max_wal_size=4GB")
        server.start()
        settings = {
            "INVITATIONS_DATABASE_URL": server.url("postgres").replace(
                "postgresql://", "postgresql+asyncpg://"
            ),
            "INVITATIONS_BASE_URL": f"http://127.0.0.1:{port}/fhir",
            "INVITATIONS_ISSUER": ISSUER,
            "INVITATIONS_JWKS": str(directory / "jwks.json"),
            "INVITATIONS_TOKEN_KEYS": f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        issuer = Issuer()
        issuer.publish(directory / "jwks.json")
        base_url = settings["INVITATIONS_BASE_URL"]
        token = issuer.access_token(base_url, "system/Organization.write", SystemClock().instant())
        try:
            numbers = prepare(settings, directory, rows)
            with service(port, settings, directory / "service.log", "--grpc-port", str(grpc_port)):
                measure(Transports(base_url, grpc_port, token, numbers))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
