"""The gRPC server in the event loop of a test, so that the test can replace its ports and its limits."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import grpc.aio
from msgspec.structs import replace

from adapters.grpc.call import CallLimits, GrpcLimits
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensRequest,
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
)
from adapters.serving.in_flight_limit import InFlightLimit
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.integration.grpc.support.client import GENERATE, STREAM, by_uri, metadata
from tests.integration.grpc.support.refused import Refused, refusal_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import free_port

LIMITS = CallLimits(message_bytes=100_000, message_seconds=10, idle_seconds=10)


_SMALL_WINDOW = (("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536))
"""So that the connection holds little of what the client does not read."""


class AioClient:
    """The methods that generate tokens, over one channel."""

    def __init__(self, channel: grpc.aio.Channel, issuer: Issuer) -> None:
        self.metadata = metadata(issuer.access_token())
        self.generate = channel.unary_unary(
            GENERATE,
            GenerateInvitationTokensRequest.SerializeToString,
            GenerateInvitationTokensResponse.FromString,
        )
        self.raw: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(GENERATE)
        self.raw_stream: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(STREAM)
        self.stream = channel.stream_stream(
            STREAM,
            GenerateInvitationTokensStreamRequest.SerializeToString,
            GenerateInvitationTokensStreamResponse.FromString,
        )

    async def ask(self, *identifiers: RequestedIdentifier) -> GenerateInvitationTokensResponse:
        """Ask for tokens."""
        request = GenerateInvitationTokensRequest(identifiers=map(by_uri, identifiers))
        return await self.generate(request, metadata=self.metadata)

    async def refusal(self, *identifiers: RequestedIdentifier) -> Refused:
        """Ask for tokens, in vain."""
        try:
            await self.ask(*identifiers)
        except grpc.aio.AioRpcError as error:
            return refusal_of(error)
        raise AssertionError("the call succeeded")


@asynccontextmanager
async def serving(
    container: Container, issuer: Issuer, *, places: int = 64, streams: int = 64, **limits: float
) -> AsyncIterator[AioClient]:
    """Serve until the block ends; keyword arguments change the limits of a call."""
    of_process = GrpcLimits(replace(LIMITS, **limits), InFlightLimit(places), streams)
    async with (
        listening(container, of_process) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}", _SMALL_WINDOW) as channel,
    ):
        yield AioClient(channel, issuer)


@asynccontextmanager
async def listening(container: Container, limits: GrpcLimits) -> AsyncIterator[int]:
    """Serve until the block ends, and give the port."""
    port = free_port()
    server = container.grpc.server(limits=limits)
    await server.start(f"127.0.0.1:{port}")
    try:
        yield port
    finally:
        await server.stop()


def stream_of(
    *identifiers: RequestedIdentifier, each: int = 500, key: str | None = None
) -> Iterator[GenerateInvitationTokensStreamRequest]:
    """Give the messages of a stream, so many identifiers in each."""
    for start in range(0, len(identifiers), each):
        yield GenerateInvitationTokensStreamRequest(
            identifiers=map(by_uri, identifiers[start : start + each]),
            idempotency_key=None if start else key,
        )
