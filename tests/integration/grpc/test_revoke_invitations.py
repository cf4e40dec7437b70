"""The revocation of invitations over gRPC."""

from uuid import uuid4

import grpc
import pytest

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    REVOCATION_REASON_MISPRINTED,
    GenerateInvitationTokensRequest,
    PatientIdentifier,
    RevocationReason,
    RevokeInvitationsRequest,
    RevokeInvitationsResponse,
)
from adapters.grpc.revoke_invitations import REASONS
from domain.invitations import CALLER_REASONS
from tests.integration.grpc.support.client import PATIENCE_SECONDS, GrpcClient, by_code, metadata
from tests.integration.grpc.support.refused import refusal_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD

Code = grpc.StatusCode
ONE, TWO = by_code(CROWD[1]), by_code(CROWD[2])
BATCH = str(uuid4())
WHY = REVOCATION_REASON_MISPRINTED


def issued(client: GrpcClient, issuer: Issuer, *identifiers: PatientIdentifier) -> str:
    """Invite patients; give the batch."""
    request = GenerateInvitationTokensRequest(identifiers=identifiers)
    return client.generate(request, PATIENCE_SECONDS, metadata(issuer.access_token())).batch


def revoke(
    client: GrpcClient, issuer: Issuer, request: RevokeInvitationsRequest
) -> RevokeInvitationsResponse:
    return client.revoke(request, PATIENCE_SECONDS, metadata(issuer.access_token()))


def test_every_reason_can_be_given() -> None:
    assert {*REASONS} == {*RevocationReason.values()} - {0}
    assert {*REASONS.values()} == {*CALLER_REASONS}


def test_a_batch_is_revoked_once(client: GrpcClient, issuer: Issuer) -> None:
    request = RevokeInvitationsRequest(batch=issued(client, issuer, ONE, TWO), reason=WHY)

    counts = [revoke(client, issuer, request).revoked for _time in range(2)]

    assert counts == [2, 0]


def test_the_invitations_of_patients_are_revoked(client: GrpcClient, issuer: Issuer) -> None:
    request = RevokeInvitationsRequest(identifiers=[ONE], reason=WHY)
    revoke(client, issuer, request)
    issued(client, issuer, ONE, TWO)

    assert revoke(client, issuer, request) == RevokeInvitationsResponse(revoked=1)


@pytest.mark.parametrize(
    ("request_", "code", "reason", "fields"),
    [
        pytest.param(
            RevokeInvitationsRequest(reason=WHY),
            Code.INVALID_ARGUMENT,
            "IDENTIFIERS_OR_BATCH",
            ["identifiers", "batch"],
            id="neither",
        ),
        pytest.param(
            RevokeInvitationsRequest(identifiers=[ONE], batch=BATCH, reason=WHY),
            Code.INVALID_ARGUMENT,
            "IDENTIFIERS_OR_BATCH",
            ["identifiers", "batch"],
            id="both",
        ),
        pytest.param(
            RevokeInvitationsRequest(batch=BATCH),
            Code.INVALID_ARGUMENT,
            "REASON_MISSING",
            ["reason"],
            id="why",
        ),
        pytest.param(
            RevokeInvitationsRequest(batch="x", reason=WHY),
            Code.INVALID_ARGUMENT,
            "BATCH_MALFORMED",
            ["batch"],
            id="malformed",
        ),
        pytest.param(
            RevokeInvitationsRequest(identifiers=[PatientIdentifier(value="1")], reason=WHY),
            Code.INVALID_ARGUMENT,
            "FIELDS_MISSING",
            ["identifiers[0].system"],
            id="no-system",
        ),
        pytest.param(
            RevokeInvitationsRequest(batch=BATCH, reason=WHY),
            Code.NOT_FOUND,
            "BATCH_UNKNOWN",
            [],
            id="unknown",
        ),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_refused(
    client: GrpcClient,
    issuer: Issuer,
    *,
    request_: RevokeInvitationsRequest,
    code: grpc.StatusCode,
    reason: str,
    fields: list[str],
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        revoke(client, issuer, request_)

    refused = refusal_of(raised.value)
    assert (refused.code, refused.reason, refused.fields) == (code, reason, fields)
