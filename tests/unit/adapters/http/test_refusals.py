"""Each refusal of the catalogue as HTTP and FHIR write it."""

import pytest

from adapters.fhir.operation_outcome import IssueType, ResponseCode
from adapters.fhir.parameters import BodyNotValid
from adapters.http.protocol_refusals import body_refusal
from adapters.http.status_codes import CODES, Refusal, http_refusal
from adapters.serving.refusals import Kind
from tests.unit.adapters.serving.every_refusal import EVERY_REFUSAL, REDEMPTION_REFUSALS

EXPECTED = {
    "ACCESS_TOKEN_MISSING": Refusal(
        401,
        IssueType.LOGIN,
        "Send an access token in the header Authorization, as 'Bearer' and the token.",
        ResponseCode.BAD_AUTHENTICATION,
        {"WWW-Authenticate": 'Bearer realm="invitation-tokens"'},
        "Authorization",
    ),
    "ACCESS_TOKEN_INVALID": Refusal(
        401,
        IssueType.LOGIN,
        "The access token is not valid for this service. Get a new one from the issuer.",
        ResponseCode.BAD_AUTHENTICATION,
        {"WWW-Authenticate": 'Bearer realm="invitation-tokens", error="invalid_token"'},
        "Authorization",
    ),
    "ACCESS_TOKEN_EXPIRED": Refusal(
        401,
        IssueType.EXPIRED,
        "The access token has expired. Get a new one.",
        ResponseCode.ACC_TOKEN_EXPIRED,
        {
            "WWW-Authenticate": (
                'Bearer realm="invitation-tokens", error="invalid_token", error_description="expired"'
            )
        },
        "Authorization",
    ),
    "SCOPE_MISSING": Refusal(
        403,
        IssueType.FORBIDDEN,
        "The access token lacks the scope that this operation needs. Get one that has it.",
        ResponseCode.USER_TYPE_NOT_PERM,
        {
            "WWW-Authenticate": (
                'Bearer realm="invitation-tokens", error="insufficient_scope", scope="system/Patient.read"'
            )
        },
        "Authorization",
    ),
    "ORGANISATION_MISSING": Refusal(
        400,
        IssueType.REQUIRED,
        "Name the organisation that you act for in the header X-Org-Public-Id.",
        header="X-Org-Public-Id",
    ),
    "ORGANISATION_MALFORMED": Refusal(
        400,
        IssueType.VALUE,
        "The header X-Org-Public-Id takes one UUID, and is sent once.",
        header="X-Org-Public-Id",
    ),
    "ORGANISATION_FORBIDDEN": Refusal(
        403,
        IssueType.FORBIDDEN,
        "You may not act for the organisation in the header X-Org-Public-Id. Ask the operator for a grant.",
        header="X-Org-Public-Id",
    ),
    "THROTTLED": Refusal(
        429,
        IssueType.THROTTLED,
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        headers={"Retry-After": "7"},
    ),
    "NO_IDENTIFIER": Refusal(
        400,
        IssueType.REQUIRED,
        "Send at least one parameter patientIdentifier.",
        expressions=["Parameters.parameter"],
    ),
    "TOO_MANY_IDENTIFIERS": Refusal(
        422,
        IssueType.TOO_LONG,
        "The operation takes at most 500 parameters patientIdentifier in a request.",
        expressions=["Parameters.parameter"],
    ),
    "SYSTEM_NOT_SUPPORTED": Refusal(
        422,
        IssueType.NOT_SUPPORTED,
        "The system of this patientIdentifier is not supported; "
        "use that of NHS, CHI or Health & Care numbers.",
        expressions=["Parameters.parameter[0].value", "Parameters.parameter[3].value"],
    ),
    "IDEMPOTENCY_KEY_MALFORMED": Refusal(
        400,
        IssueType.VALUE,
        "The header Idempotency-Key takes 1 to 255 visible ASCII characters, and is sent once.",
        header="Idempotency-Key",
    ),
    "OTHER_IDENTIFIERS": Refusal(
        422,
        IssueType.CONFLICT,
        "The Idempotency-Key was sent before, with other identifiers. Send a new one.",
        header="Idempotency-Key",
    ),
    "ANSWER_GONE": Refusal(
        422,
        IssueType.CONFLICT,
        "The first answer cannot be given again, and nothing new was issued. Send a new key.",
        header="Idempotency-Key",
    ),
    "REQUEST_IN_PROGRESS": Refusal(
        409,
        IssueType.CONFLICT,
        "The first request under this Idempotency-Key is still in progress. Try again later.",
        headers={"Retry-After": "2"},
        header="Idempotency-Key",
    ),
    "BATCH_REVOKED": Refusal(
        409,
        IssueType.CONFLICT,
        "The invitations of the first answer were revoked, and nothing new was issued. Send a new key.",
        header="Idempotency-Key",
    ),
    "BATCH_UNKNOWN": Refusal(
        404,
        IssueType.NOT_FOUND,
        "The organisation has issued no such batch. Send the id that came with its invitations.",
        expressions=["Parameters.parameter"],
    ),
    "MESSAGE_TOO_LARGE": Refusal(
        413, IssueType.TOO_LONG, "The body is larger than the service takes. Send less at once."
    ),
    "MESSAGE_NOT_RECEIVED": Refusal(
        408, IssueType.TIMEOUT, "The body was not received in time. Send it again."
    ),
    "UNAVAILABLE": Refusal(
        503,
        IssueType.TRANSIENT,
        "The service cannot answer now. Nothing was lost; try again later.",
        headers={"Retry-After": "2"},
    ),
    "UNEXPECTED": Refusal(
        500,
        IssueType.EXCEPTION,
        "An unexpected error occurred. If it persists, report the request id the-request-id.",
    ),
}


EXPECTED_OF_REDEMPTION = {
    "REDEMPTION_FORBIDDEN": Refusal(
        403, IssueType.FORBIDDEN, "You may not redeem invitations. Ask the operator for a grant."
    ),
    "PAIR_UNKNOWN": Refusal(
        422,
        IssueType.SECURITY,
        "No invitation has this code and this token. Check both, and try again.",
    ),
    "BIRTH_DATE_WRONG": Refusal(
        422, IssueType.SECURITY, "The date of birth is not the patient's. 4 attempts are left."
    ),
    "INVITATION_EXPIRED": Refusal(
        422, IssueType.EXPIRED, "The invitation has expired. The patient needs a new one."
    ),
    "INVITATION_SPENT": Refusal(
        422,
        IssueType.CONFLICT,
        "The invitation was used before, or was revoked. A patient who has not registered needs a new one.",
    ),
    "INVITATION_LOCKED": Refusal(
        422,
        IssueType.THROTTLED,
        "Too many attempts have failed. The patient needs a new invitation, or has to wait for 24 hours.",
    ),
    "NO_LONGER_ELIGIBLE": Refusal(
        422,
        IssueType.BUSINESS_RULE,
        "The patient cannot register with this invitation. Ask the organisation that issued it.",
    ),
    "CLAIM_OVER": Refusal(
        422, IssueType.EXPIRED, "The claim is unknown or over. Claim the invitation again."
    ),
}


def test_every_kind_has_a_status_and_an_issue_code() -> None:
    assert CODES.keys() == set(Kind)


def test_every_refusal_but_that_of_a_stream_is_expected_here() -> None:
    assert EVERY_REFUSAL.keys() - EXPECTED.keys() == {"STOPPING", "ANSWER_NOT_READ"}


@pytest.mark.parametrize("reason", EXPECTED)
def test_a_refusal_is_written_for_http(reason: str) -> None:
    refusal = http_refusal(EVERY_REFUSAL[reason])

    assert refusal == EXPECTED[reason]


@pytest.mark.parametrize("path", ["Parameters.resourceType", "Parameters.parameter[0]"])
def test_a_body_that_is_another_resource_learns_which_one_is_read(path: str) -> None:
    refusal = body_refusal(BodyNotValid((path,)))

    hint = " The resource is Parameters; in XML, its elements are in the namespace http://hl7.org/fhir."
    assert refusal.diagnostics.endswith(hint) == (path == "Parameters.resourceType")


def test_every_refusal_of_redemption_is_written_for_http() -> None:
    written = {reason: http_refusal(refusal) for reason, refusal in REDEMPTION_REFUSALS.items()}

    assert written == EXPECTED_OF_REDEMPTION
