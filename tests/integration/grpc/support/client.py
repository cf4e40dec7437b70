"""A client as grpcio gives it, without generated stubs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import grpc
from google.protobuf.message import Message
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    IDENTIFIER_SYSTEM_CHI_NUMBER,
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER,
    IDENTIFIER_SYSTEM_NHS_NUMBER,
    GenerateInvitationTokensRequest,
    GenerateInvitationTokensResponse,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    IdentifierSystem,
    PatientIdentifier,
    QueryPatientStatusRequest,
    QueryPatientStatusResponse,
    RevokeInvitationsRequest,
    RevokeInvitationsResponse,
)
from domain.identifiers import RequestedIdentifier
from tests.builders import CHI, HCN, NHS
from tests.integration.http.support.people import HOSPITAL

PATIENCE_SECONDS = 60
REQUEST_ID = "the-tests-own-id"
SERVICE = "invitations.v1.InvitationTokens"
GENERATE = f"/{SERVICE}/GenerateInvitationTokens"
STREAM = f"/{SERVICE}/GenerateInvitationTokensStream"

CODES: dict[str, IdentifierSystem] = {
    NHS.value: IDENTIFIER_SYSTEM_NHS_NUMBER,
    CHI.value: IDENTIFIER_SYSTEM_CHI_NUMBER,
    HCN.value: IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER,
}

M = TypeVar("M", bound=Message)
R = TypeVar("R", bound=Message)


class GrpcClient:
    """The methods that the service answers, over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self.generate = self._unary(
            GENERATE,
            GenerateInvitationTokensRequest,
            GenerateInvitationTokensResponse,
        )
        self.query_status = self._unary(
            f"/{SERVICE}/QueryPatientStatus", QueryPatientStatusRequest, QueryPatientStatusResponse
        )
        self.revoke = self._unary(
            f"/{SERVICE}/RevokeInvitations", RevokeInvitationsRequest, RevokeInvitationsResponse
        )
        self.check_health = self._unary(
            "/grpc.health.v1.Health/Check", HealthCheckRequest, HealthCheckResponse
        )
        self.stream = channel.stream_stream(
            STREAM,
            GenerateInvitationTokensStreamRequest.SerializeToString,
            GenerateInvitationTokensStreamResponse.FromString,
        )

    def raw(self, path: str) -> "grpc.UnaryUnaryMultiCallable[bytes, bytes]":
        """Give a method of which messages are bytes."""
        return self.channel.unary_unary(path)

    def _unary(self, path: str, request: type[M], response: type[R]) -> "grpc.UnaryUnaryMultiCallable[M, R]":
        return self.channel.unary_unary(path, request.SerializeToString, response.FromString)


@contextmanager
def grpc_client(
    port: int, credentials: grpc.ChannelCredentials | None = None, *, wait: bool = True
) -> Iterator[GrpcClient]:
    """Connect to a port, and wait for a listener if asked to."""
    # a separate connection, because channels to one address share it otherwise
    own = [("grpc.use_local_subchannel_pool", 1)]
    address = f"localhost:{port}"
    channel = (
        grpc.secure_channel(address, credentials, own) if credentials else grpc.insecure_channel(address, own)
    )
    with channel:
        if wait:
            grpc.channel_ready_future(channel).result(PATIENCE_SECONDS)
        yield GrpcClient(channel)


def metadata(access_token: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Give the metadata of a well-behaved caller."""
    return (
        ("authorization", f"Bearer {access_token}"),
        ("x-org-public-id", str(HOSPITAL)),
        ("x-request-id", REQUEST_ID),
        *more,
    )


def by_uri(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier(system_uri=identifier.system, value=identifier.value)


def by_code(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier(system_code=CODES[identifier.system], value=identifier.value)
