"""Calls within a trace of their caller."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import grpc
import httpx
from msgspec import Struct

from adapters.grpc.generated.invitations.v1.invitations_pb2 import GenerateInvitationTokensRequest
from domain.identifiers import RequestedIdentifier
from tests.integration.grpc.support.client import PATIENCE_SECONDS, by_uri, grpc_client, metadata
from tests.integration.http.support.call import OPERATION, asking_for, request_headers
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service
from tests.integration.tracing.support.collector import Collector, Trace


class Begun(Struct, frozen=True):
    """The trace of a caller, and the span of its call."""

    trace_id: str
    span_id: str

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


def begin() -> Begun:
    return Begun(secrets.token_hex(16), secrets.token_hex(8))


class Call(Struct, frozen=True):
    """The request of a caller."""

    access_token: str
    begun: Begun
    identifiers: Sequence[RequestedIdentifier]
    key: str | None = None
    more: Mapping[str, str] = {}

    @property
    def sent(self) -> dict[str, str]:
        """The trace header, and the other headers."""
        return {"traceparent": self.begun.traceparent, **self.more}

    @property
    def request_id(self) -> str:
        return self.begun.trace_id


Send: TypeAlias = Callable[[Service, Call], str]
"""Sends a call over a transport, and returns everything in the answer."""


def send_http(service: Service, call: Call) -> str:
    changes = {**call.sent, "X-Request-Id": call.request_id, "Idempotency-Key": call.key}
    response = httpx.post(
        f"{service.url}{OPERATION}",
        headers=request_headers(call.access_token, changes),
        content=asking_for(*call.identifiers),
        timeout=PATIENCE_SECONDS,
    )
    return f"{response.status_code} {response.text}"


def send_grpc(service: Service, call: Call) -> str:
    request = GenerateInvitationTokensRequest(
        identifiers=map(by_uri, call.identifiers), idempotency_key=call.key
    )
    sent = {**dict(metadata(call.access_token)), **call.sent, "x-request-id": call.request_id}
    with grpc_client(service.grpc_port) as client:
        try:
            answer = client.generate(request, PATIENCE_SECONDS, tuple(sent.items()))
        except grpc.RpcError as error:
            return str(error)
    return f"OK {answer}"


class TracedCalls:
    """Calls of one caller over one transport, and their traces."""

    def __init__(self, transport: str, service: Service, collector: Collector, issuer: Issuer) -> None:
        self.service = service
        self._transport = transport
        self._collector = collector
        self._issuer = issuer

    def send(self, call: Call) -> str:
        return SEND[self._transport](self.service, call)

    def call(self, *identifiers: RequestedIdentifier, key: str | None = None, **claims: str) -> Call:
        """Make a call in a new trace; keyword arguments change the claims of the access token."""
        return Call(self._issuer.access_token(**claims), begin(), identifiers, key)

    def trace(self, call: Call) -> Trace:
        """Send a call and give its trace."""
        self.send(call)
        return self._collector.trace(call.begun.trace_id)


SEND: dict[str, Send] = {"http": send_http, "grpc": send_grpc}
