"""The declarations of the operations of portals, which redeem invitations."""

from adapters.fhir.operation_declaration import (
    ANY_NUMBER,
    PATIENT_IDENTIFIER,
    OperationDeclaration,
    OperationParameter,
    part,
)
from domain.access import Operation

CODE = "code"
TOKEN = "token"  # noqa: S105 - the name of a parameter
BIRTH_DATE = "birthDate"
CLAIM = "claim"
EXPIRY = "expiry"
ORGANISATION = "organisation"
REGISTERED = "registered"

CLAIM_INVITATION = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/claim-invitation",
    code=Operation.CLAIM_INVITATION,
    resource="Patient",
    title="Claim an invitation",
    description="""Proves that a patient holds an invitation, by the code and the token of the letter and \
the date of birth. Gives a claim, by which the portal confirms the registration.

The caller is a portal that the operator has granted to redeem invitations. There is no header \
X-Org-Public-Id: the code knows the organisation that issued it.""",
    comment="""Only POST is supported. A claim spends nothing: people abandon forms. A newer claim replaces \
an older one of the same invitation.

Each attempt is counted before anything is compared. Five failed attempts lock an invitation, and ten within \
24 hours lock the patient for 24 hours.""",
    idempotent=False,
    takes=(
        part(CODE, "string", "The code of the letter. Case, spaces and hyphens do not matter."),
        part(TOKEN, "string", "The token of the letter, in the same way."),
        part(BIRTH_DATE, "date", "The date of birth that the patient types in: a full date."),
    ),
    gives=(
        part(CLAIM, "string", "26 characters, which confirm-registration takes. Keep them secret."),
        part(EXPIRY, "dateTime", "When the claim expires: 24 hours from now."),
    ),
)

CONFIRM_REGISTRATION = OperationDeclaration(
    url="http://fhir.patientsknowbest.com/operation/confirm-registration",
    code=Operation.CONFIRM_REGISTRATION,
    resource="Patient",
    title="Confirm a registration",
    description="""Confirms that the patient of a claim has registered. The invitation is spent, and the \
patient's other open invitations are revoked.

The caller is the portal that made the claim. There is no header X-Org-Public-Id.""",
    comment="Only POST is supported. The same claim again gets the same answer.",
    idempotent=True,
    takes=(part(CLAIM, "string", "The claim that claim-invitation gave."),),
    gives=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=1,
            max=ANY_NUMBER,
            type="Identifier",
            documentation="The NHS, CHI and Health & Care numbers of the patient who has registered.",
        ),
        part(
            ORGANISATION,
            "Identifier",
            "The organisation that issued the invitation, in the system "
            "http://fhir.patientsknowbest.com/id/public-id.",
        ),
        part(REGISTERED, "dateTime", "When the registration was confirmed first."),
    ),
)
