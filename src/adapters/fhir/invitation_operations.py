"""The declarations of the operations on invitations that were issued."""

from adapters.fhir.operation_declaration import (
    ANSWERED_IDENTIFIER,
    IDENTIFIER_DOCUMENTATION,
    PATIENT_IDENTIFIER,
    OperationDeclaration,
    OperationParameter,
    part,
)
from application.query_invitation_status import MAX_INVITATION_STATUS_IDENTIFIERS
from application.revoke_invitations import MAX_REVOKED_IDENTIFIERS
from domain.access import Operation
from domain.identifiers import IdentifierSystem
from domain.invitations import CALLER_REASONS

INVITATION_STATUS_PARAMETER = "invitationStatus"
BATCH = "batch"
REASON = "reason"
REVOKED = "revoked"
REDEEMED = "redeemed"

_BATCH_PARAMETER = OperationParameter(
    name=BATCH,
    min=0,
    max=1,
    type="string",
    documentation="A UUID that generate-invitation-tokens gave in the header Invitation-Batch.",
)

INVITATION_STATUS = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/invitation-status",
    code=Operation.INVITATION_STATUS,
    resource="Patient",
    title="Query the status of invitations",
    description="""Answers for each patient what has become of the latest invitation that the organisation \
issued, or of the invitation in a batch. It never answers with a code or a token.

The header X-Org-Public-Id names the organisation on whose behalf the system asks.""",
    comment="""A request has either patientIdentifier or batch. A batch of another organisation is not \
found. For a batch, a patient has an entry for each of their identifiers, because the service does not keep \
by which one they were invited.""",
    idempotent=True,
    takes=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=0,
            max=MAX_INVITATION_STATUS_IDENTIFIERS,
            type="Identifier",
            documentation=IDENTIFIER_DOCUMENTATION,
        ),
        _BATCH_PARAMETER,
    ),
    gives=(
        OperationParameter(
            name=INVITATION_STATUS_PARAMETER,
            min=0,
            max=MAX_INVITATION_STATUS_IDENTIFIERS,
            documentation="The status for each identifier of the request, in its order.",
            parts=(
                ANSWERED_IDENTIFIER,
                part(
                    "state",
                    "code",
                    """none, pending, claimed, redeemed, expired, revoked or locked. A patient who is not \
found, or without a care relationship, has none.""",
                ),
                part(
                    "issued",
                    "dateTime",
                    "When the invitation was issued; absent if there is none.",
                    minimum=0,
                ),
                part("expiry", "dateTime", "When it expires; absent if there is none.", minimum=0),
                part(
                    "pending",
                    "integer",
                    "How many invitations of the organisation the patient may still claim.",
                ),
            ),
        ),
    ),
)

REVOKE_INVITATIONS = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/revoke-invitations",
    code=Operation.REVOKE_INVITATIONS,
    resource="Patient",
    title="Revoke invitations",
    description="""Revokes the invitations of a batch, or all open invitations that the organisation \
issued to the patients. Their codes and tokens stop working at once. What is redeemed stays redeemed.

The header X-Org-Public-Id names the organisation on whose behalf the system revokes.""",
    comment="""A request has either patientIdentifier or batch. A batch of another organisation is not \
found. The operation can be repeated: what is revoked stays revoked. A request of generate-invitation-tokens \
whose batch is revoked can no longer be sent again under its Idempotency-Key.""",
    idempotent=True,
    takes=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=0,
            max=MAX_REVOKED_IDENTIFIERS,
            type="Identifier",
            documentation=IDENTIFIER_DOCUMENTATION,
        ),
        _BATCH_PARAMETER,
        OperationParameter(
            name=REASON,
            min=1,
            max=1,
            type="code",
            documentation=(
                f"One of {', '.join(CALLER_REASONS)}. It is kept with the invitations and in the audit. "
                "A valueString is accepted too."
            ),
        ),
    ),
    gives=(
        OperationParameter(
            name=REVOKED, min=1, max=1, type="integer", documentation="How many invitations were revoked."
        ),
        OperationParameter(
            name=REDEEMED,
            min=0,
            # a batch of 500 patients, each with a number of every system
            max=MAX_REVOKED_IDENTIFIERS * len(IdentifierSystem),
            type="Identifier",
            documentation="A patient identifier whose invitation was redeemed before, and stays so.",
        ),
    ),
)
