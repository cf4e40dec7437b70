"""Invitation tokens as the messages say them."""

from collections.abc import Sequence

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    INELIGIBILITY_REASON_ALREADY_REGISTERED,
    INELIGIBILITY_REASON_DECEASED,
    INELIGIBILITY_REASON_NO_CARE_RELATIONSHIP,
    INELIGIBILITY_REASON_NO_DATE_OF_BIRTH,
    INELIGIBILITY_REASON_NOT_FOUND,
    INELIGIBILITY_REASON_UNDER_MINIMUM_AGE,
    GenerateInvitationTokensResponse,
    InvitedPatient,
    OmittedPatient,
    PatientIdentifier,
)
from adapters.grpc.generated.invitations.v1.invitations_pb2 import IneligibilityReason as ReasonNumber
from application.generate_invitation_tokens import GeneratedTokens
from domain.eligibility_policy import IneligibilityReason
from domain.requested_identifiers import RequestedIdentifier

REASONS: dict[IneligibilityReason, ReasonNumber] = {
    IneligibilityReason.NOT_FOUND: INELIGIBILITY_REASON_NOT_FOUND,
    IneligibilityReason.NO_CARE_RELATIONSHIP: INELIGIBILITY_REASON_NO_CARE_RELATIONSHIP,
    IneligibilityReason.DECEASED: INELIGIBILITY_REASON_DECEASED,
    IneligibilityReason.ALREADY_REGISTERED: INELIGIBILITY_REASON_ALREADY_REGISTERED,
    IneligibilityReason.NO_DATE_OF_BIRTH: INELIGIBILITY_REASON_NO_DATE_OF_BIRTH,
    IneligibilityReason.UNDER_MINIMUM_AGE: INELIGIBILITY_REASON_UNDER_MINIMUM_AGE,
}


def tokens_answer(
    generated: GeneratedTokens,
    identifiers: Sequence[RequestedIdentifier],
    asked: Sequence[PatientIdentifier],
    *,
    include_omitted: bool,
) -> GenerateInvitationTokensResponse:
    """Write the answer; each identifier stands in it as it was `asked` for, the first time if repeated."""
    first_asked = dict(zip(reversed(identifiers), reversed(asked), strict=True))
    invited = []
    for patient in generated.invited:
        token = patient.invitation_token
        invited.append(
            InvitedPatient(
                identifier=first_asked[patient.identifier],
                code=token.code,
                token=token.token,
                expiry=token.expires_at,
            )
        )
    omitted = [
        OmittedPatient(identifier=asked[each.position], reason=REASONS[each.reason])
        for each in (generated.omitted if include_omitted else ())
    ]
    return GenerateInvitationTokensResponse(invited=invited, omitted=omitted, replayed=generated.replayed)
