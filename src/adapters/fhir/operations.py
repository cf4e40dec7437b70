"""The declarations of the service's operations: names, parameters and documentation."""

import sys
from typing import Literal, TypeAlias

from msgspec import Struct

from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS
from application.query_patient_status import MAX_STATUS_IDENTIFIERS
from domain.access import Operation

ROOT = "/fhir"
"""The path under which the service answers."""

ParameterType: TypeAlias = Literal["Identifier", "boolean", "date", "dateTime", "string"]
"""The types of http://hl7.org/fhir/STU3/valueset-all-types.html in use here."""


ANY_NUMBER = sys.maxsize
"""As often as it likes, written `*`."""


class OperationParameter(Struct, frozen=True, kw_only=True):
    """A parameter, with a type or with parts."""

    name: str
    min: int
    max: int
    type: ParameterType | None = None
    documentation: str
    parts: tuple["OperationParameter", ...] = ()


class OperationDeclaration(Struct, frozen=True, kw_only=True):
    """An operation on a type of resources, with its input and output parameters.

    The route, the reader of bodies, the OperationDefinition and the capability statement use it.
    `description` is Markdown.
    """

    url: str
    code: Operation
    resource: str
    title: str
    description: str
    comment: str
    idempotent: bool
    takes: tuple[OperationParameter, ...]
    gives: tuple[OperationParameter, ...]

    @property
    def id(self) -> str:
        """The logical id of its definition, in the usual form: `t` stands for the type level."""
        return f"{self.resource}-t-{self.code}"

    @property
    def path(self) -> str:
        """Its path: http://hl7.org/fhir/STU3/operations.html#executing ."""
        return f"{ROOT}/{self.resource}/${self.code}"

    @property
    def limit(self) -> int:
        """How often a request may repeat the first input parameter."""
        return self.takes[0].max

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the input parameters."""
        return tuple(each.name for each in self.takes)


PATIENT_IDENTIFIER = "patientIdentifier"
PATIENT_TOKENS = "patientTokens"
PATIENT_STATUS = "patientStatus"
OUTCOME = "outcome"
CODE = "code"
TOKEN = "token"  # noqa: S105 - the name of a parameter
BIRTH_DATE = "birthDate"
CLAIM = "claim"
EXPIRY = "expiry"
ORGANISATION = "organisation"
REGISTERED = "registered"


def _part(name: str, kind: ParameterType, documentation: str, *, minimum: int = 1) -> OperationParameter:
    return OperationParameter(name=name, min=minimum, max=1, type=kind, documentation=documentation)


_ANSWERED_IDENTIFIER = _part(PATIENT_IDENTIFIER, "Identifier", "The patient identifier as it was sent.")

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
                _ANSWERED_IDENTIFIER,
                _part(
                    "token", "string", "The access code, which the patient types in together with the code."
                ),
                _part("code", "string", "The invitation code."),
                _part("expiry", "dateTime", "When the code and the token expire."),
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
            documentation=(
                "An NHS, CHI or Health & Care number. One identifier of another system rejects the whole "
                "request."
            ),
        ),
    ),
    gives=(
        OperationParameter(
            name=PATIENT_STATUS,
            min=1,
            max=MAX_STATUS_IDENTIFIERS,
            documentation="The status for each identifier of the request, in its order.",
            parts=(
                _ANSWERED_IDENTIFIER,
                _part(
                    "deceased", "boolean", "Whether the patient has died; absent when not found.", minimum=0
                ),
                _part(
                    "registered", "boolean", "Whether they have registered; absent when not found.", minimum=0
                ),
                _part("dateOfBirth", "date", "Absent when unknown, not found or not accessible.", minimum=0),
                _part(
                    "diagnostics",
                    "string",
                    "Why the status is incomplete: 'Not found', or 'No access' without a care relationship.",
                    minimum=0,
                ),
            ),
        ),
    ),
)

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
        _part(CODE, "string", "The code of the letter. Case, spaces and hyphens do not matter."),
        _part(TOKEN, "string", "The token of the letter, in the same way."),
        _part(BIRTH_DATE, "date", "The date of birth that the patient types in: a full date."),
    ),
    gives=(
        _part(CLAIM, "string", "26 characters, which confirm-registration takes. Keep them secret."),
        _part(EXPIRY, "dateTime", "When the claim expires: 24 hours from now."),
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
    takes=(_part(CLAIM, "string", "The claim that claim-invitation gave."),),
    gives=(
        OperationParameter(
            name=PATIENT_IDENTIFIER,
            min=1,
            max=ANY_NUMBER,
            type="Identifier",
            documentation="The NHS, CHI and Health & Care numbers of the patient who has registered.",
        ),
        _part(
            ORGANISATION,
            "Identifier",
            "The organisation that issued the invitation, in the system "
            "http://fhir.patientsknowbest.com/id/public-id.",
        ),
        _part(REGISTERED, "dateTime", "When the registration was confirmed first."),
    ),
)

OPERATIONS = (GENERATE_INVITATION_TOKENS, STATUS_QUERY, CLAIM_INVITATION, CONFIRM_REGISTRATION)
