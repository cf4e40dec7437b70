"""The operations of the service, and the declarations of those that callers begin with."""

from adapters.fhir.invitation_operations import INVITATION_STATUS, REVOKE_INVITATIONS
from adapters.fhir.operation_declaration import (
    ANSWERED_IDENTIFIER,
    IDENTIFIER_DOCUMENTATION,
    PATIENT_IDENTIFIER,
    OperationDeclaration,
    OperationParameter,
    part,
)
from adapters.fhir.redemption_operations import CLAIM_INVITATION, CONFIRM_REGISTRATION
from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS
from application.query_patient_status import MAX_STATUS_IDENTIFIERS
from domain.access import Operation

PATIENT_TOKENS = "patientTokens"
PATIENT_STATUS = "patientStatus"
OUTCOME = "outcome"

GENERATE_INVITATION_TOKENS = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/generate-invitation-tokens",
    code=Operation.GENERATE_INVITATION_TOKENS,
    resource="Organization",
    title="Generate invitation tokens",
    # this text, and the first paragraphs on the parameters, are the specification's own words
    description="""This operation allows:

  • a system to generate invitation tokens for 1 or many patients identified by national identifier.

Generates invitation tokens for the patient identified by patientIdentifier (e.g. NHS). Multiple patient \
identifiers can be supplied as the input to the operation. This allows the calling system to work in batches.

In addition to the OAuth 2.0 access token, the X-Org-Public-Id HTTP header must be provided in the request \
to specify the organisation that wants to generate the tokens. The parameter will be the UUID of the PKB \
organisation.""",
    comment="""Only POST is supported, because each call issues new invitations. A request may carry the \
header Idempotency-Key, 1 to 255 visible ASCII characters. If it is sent again under the same key, the same \
identifiers get the same codes, tokens and expiry, and nothing new is issued. Patients who may no longer be \
invited are omitted.

With the header Prefer: return=OperationOutcome, a caller that may use status-query gets one more parameter, \
outcome, with the reasons why patients are omitted.

If none of the patients may be invited, the answer is a Parameters resource without parameters, although \
patientTokens has a minimum of 1: FHIR in JSON allows no empty array.""",
    idempotent=False,
    takes=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=1,
            max=MAX_PATIENT_IDENTIFIERS,
            type="Identifier",
            documentation="""Currently only NHS, CHI and Health & Care numbers are supported. Reference: \
https://pkbdev.atlassian.net/wiki/spaces/api/pages/3365077531/Identifier+Systems. If an unsupported system \
identifier is supplied on the request then the whole request will be rejected and an error returned.

A valueString of the form system|value, as in searches, is accepted too.""",
        ),
    ),
    gives=(
        OperationParameter(
            name=PATIENT_TOKENS,
            min=1,
            max=MAX_PATIENT_IDENTIFIERS,
            documentation="""patientTokens will not be returned where patient is deceased, not found, \
already registered, has no date of birth, or is under 16 years old. status-query should be used prior to \
this operation to confirm the patient is applicable for invitation.

Patients without a care relationship with the organisation are omitted too. If no patient remains, the \
answer is a Parameters resource without parameters. Entries keep the order of the request. Read their parts \
by name, not by position.""",
            parts=(
                ANSWERED_IDENTIFIER,
                part(
                    "token", "string", "The access code, which the patient types in together with the code."
                ),
                part("code", "string", "The invitation code."),
                part("expiry", "dateTime", "When the code and the token expire."),
            ),
        ),
    ),
)

STATUS_QUERY = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/status-query",
    code=Operation.STATUS_QUERY,
    resource="Patient",
    title="Query the status of patients",
    description="""Answers for each patient whether they are known, have died or have registered. So a \
system can find out who may be invited before it requests invitation tokens.

The header X-Org-Public-Id names the organisation on whose behalf the system asks.""",
    comment="Only POST is supported: a patient identifier is not a primitive value, so GET cannot carry it.",
    idempotent=True,
    takes=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=1,
            max=MAX_STATUS_IDENTIFIERS,
            type="Identifier",
            documentation=IDENTIFIER_DOCUMENTATION,
        ),
    ),
    gives=(
        OperationParameter(
            name=PATIENT_STATUS,
            min=1,
            max=MAX_STATUS_IDENTIFIERS,
            documentation="The status for each identifier of the request, in its order.",
            parts=(
                ANSWERED_IDENTIFIER,
                part(
                    "deceased", "boolean", "Whether the patient has died; absent when not found.", minimum=0
                ),
                part(
                    "registered", "boolean", "Whether they have registered; absent when not found.", minimum=0
                ),
                part("dateOfBirth", "date", "Absent when unknown, not found or not accessible.", minimum=0),
                part(
                    "diagnostics",
                    "string",
                    "Why the status is incomplete: 'Not found', or 'No access' without a care relationship.",
                    minimum=0,
                ),
            ),
        ),
    ),
)

OPERATIONS = (
    GENERATE_INVITATION_TOKENS,
    STATUS_QUERY,
    INVITATION_STATUS,
    REVOKE_INVITATIONS,
    CLAIM_INVITATION,
    CONFIRM_REGISTRATION,
)
