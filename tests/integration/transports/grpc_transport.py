"""The service over gRPC."""

import re
from collections.abc import Sequence
from datetime import UTC, date

import grpc

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensRequest,
    OmissionReason,
    PatientIdentifier,
    PatientStatus,
    QueryPatientStatusRequest,
)
from domain.identifiers import RequestedIdentifier
from tests.integration.grpc.support.client import PATIENCE_SECONDS, GrpcClient, by_uri
from tests.integration.grpc.support.refused import refusal_of, trailing
from tests.integration.transports.transport import (
    Access,
    Generated,
    Invited,
    Queried,
    Refused,
    Status,
    Tokens,
    Transport,
    Why,
)

_WHY = {
    grpc.StatusCode.UNAUTHENTICATED: Why.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED: Why.FORBIDDEN,
    grpc.StatusCode.INVALID_ARGUMENT: Why.INVALID,
    grpc.StatusCode.FAILED_PRECONDITION: Why.CONFLICT,
    grpc.StatusCode.ABORTED: Why.CONFLICT,
    grpc.StatusCode.UNAVAILABLE: Why.UNAVAILABLE,
}


class GrpcTransport(Transport):
    """Calls the methods over gRPC."""

    def __init__(self, client: GrpcClient) -> None:
        self._client = client

    def generate(
        self,
        access: Access,
        identifiers: Sequence[RequestedIdentifier],
        *,
        key: str | None = None,
        include_omitted: bool = False,
        request_id: str = "",
    ) -> Generated:
        request = GenerateInvitationTokensRequest(
            identifiers=map(by_uri, identifiers), include_omitted=include_omitted, idempotency_key=key
        )
        sent = (*_metadata(access), ("x-request-id", request_id))
        call = self._client.generate.future(request, PATIENCE_SECONDS, sent)
        refused = call.exception()
        assert request_id in {"", trailing(call)["x-request-id"]}
        if refused is not None:
            return _refused(refused)
        response = call.result()
        return Tokens(
            invited=[
                Invited(_identifier(each.identifier), each.code, each.token, each.expiry.ToDatetime(UTC))
                for each in response.invited
            ],
            omitted=[(_identifier(each.identifier), _reason(each.reason)) for each in response.omitted],
            replayed=response.replayed,
        )

    def query_status(self, access: Access, identifiers: Sequence[RequestedIdentifier]) -> Queried:
        request = QueryPatientStatusRequest(identifiers=map(by_uri, identifiers))
        try:
            response = self._client.query_status(request, PATIENCE_SECONDS, _metadata(access))
        except grpc.RpcError as error:
            return _refused(error)
        return [_status(each) for each in response.statuses]


def _metadata(access: Access) -> tuple[tuple[str, str], ...]:
    return (
        *(("authorization", each) for each in access.authorization),
        *(("x-org-public-id", each) for each in access.organisation),
    )


def _refused(error: Exception) -> Refused:
    refused = refusal_of(error)
    found = [re.match(r"identifiers\[([0-9]+)\]\.(system|value)$", each) for each in refused.fields]
    named = tuple(dict.fromkeys(int(each[1]) for each in found if each))
    all_positions = tuple(_positions(refused.metadata.get("positions", "")))
    assert named == all_positions[: len(named)]
    exhausted = Why.TOO_LARGE if refused.reason == "MESSAGE_TOO_LARGE" else Why.THROTTLED
    return Refused(_WHY.get(refused.code, exhausted), all_positions, refused.retry_after)


def _positions(runs: str) -> list[int]:
    ends = [[int(end) for end in run.split("-")] for run in runs.split(",") if run]
    return [position for run in ends for position in range(run[0], run[-1] + 1)]


def _identifier(identifier: PatientIdentifier) -> RequestedIdentifier:
    return RequestedIdentifier(identifier.system_uri, identifier.value)


def _reason(number: "OmissionReason") -> str:
    return OmissionReason.Name(number).removeprefix("OMISSION_REASON_").lower().replace("_", "-")


def _status(message: PatientStatus) -> Status:
    identifier = _identifier(message.identifier)
    match message.WhichOneof("status"):
        case "known":
            known = message.known
            born = known.date_of_birth if known.HasField("date_of_birth") else None
            return Status(
                identifier,
                found=True,
                accessible=True,
                deceased=known.deceased,
                registered=known.registered,
                date_of_birth=None if born is None else date(born.year, born.month, born.day),
            )
        case "no_access":
            flags = message.no_access
            return Status(
                identifier, found=True, accessible=False, deceased=flags.deceased, registered=flags.registered
            )
        case _:
            return Status(identifier, found=False, accessible=False)
