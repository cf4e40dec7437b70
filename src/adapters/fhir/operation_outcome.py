"""The resource OperationOutcome, which reports errors and information.

Source: http://hl7.org/fhir/STU3/operationoutcome.html
"""

from enum import StrEnum
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from adapters.fhir.elements import CodeableConcept, Element


class IssueType(StrEnum):
    """The kind of an issue: the codes of http://hl7.org/fhir/STU3/valueset-issue-type.html in use here."""

    BUSINESS_RULE = "business-rule"
    CONFLICT = "conflict"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    INFORMATIONAL = "informational"
    INVALID = "invalid"
    LOGIN = "login"
    NOT_FOUND = "not-found"
    NOT_SUPPORTED = "not-supported"
    REQUIRED = "required"
    SECURITY = "security"
    STRUCTURE = "structure"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    TOO_LONG = "too-long"
    TRANSIENT = "transient"
    VALUE = "value"

    @property
    def text(self) -> str:
        """The kind in words."""
        return _TEXTS[self]


class ResponseCode(StrEnum):
    """Why access was refused, as a code of the published code system.

    Source: https://pkbdev.atlassian.net/wiki/spaces/api/pages/3365077057/CS+Response+Code
    """

    ACC_TOKEN_EXPIRED = "ACC_TOKEN_EXPIRED"  # noqa: S105 - the code itself, not a secret
    BAD_AUTHENTICATION = "BAD_AUTHENTICATION"
    USER_TYPE_NOT_PERM = "USER_TYPE_NOT_PERM"

    @property
    def display(self) -> str:
        """The code in words."""
        return _DISPLAYS[self]


MAX_EXPRESSIONS = 500
"""How many elements an issue points at: enough for every identifier of generate-invitation-tokens."""

RESPONSE_CODE_SYSTEM = "http://fhir.patientsknowbest.com/codesystem/response-code"

_TEXTS = {
    IssueType.BUSINESS_RULE: "Against a rule",
    IssueType.CONFLICT: "In conflict with an earlier request",
    IssueType.EXCEPTION: "Unexpected error",
    IssueType.EXPIRED: "Expired",
    IssueType.FORBIDDEN: "Not permitted",
    IssueType.INFORMATIONAL: "For information",
    IssueType.INVALID: "Not valid",
    IssueType.LOGIN: "Not authenticated",
    IssueType.NOT_FOUND: "Not found",
    IssueType.NOT_SUPPORTED: "Not supported",
    IssueType.REQUIRED: "Required and missing",
    IssueType.SECURITY: "Not proved",
    IssueType.STRUCTURE: "Not of the expected structure",
    IssueType.THROTTLED: "Too much in a short time",
    IssueType.TIMEOUT: "Not in time",
    IssueType.TOO_LONG: "Too long",
    IssueType.TRANSIENT: "Not available for the moment",
    IssueType.VALUE: "Not a possible value",
}

_DISPLAYS = {
    ResponseCode.ACC_TOKEN_EXPIRED: "Access token expired",
    ResponseCode.BAD_AUTHENTICATION: "Bad authentication",
    ResponseCode.USER_TYPE_NOT_PERM: "User type not permitted",
}


class Issue(Element, frozen=True, kw_only=True):
    """One issue. `expression` points into the body, `location` at a header."""

    severity: Literal["error", "information"]
    code: IssueType
    details: CodeableConcept
    diagnostics: str
    location: list[str] | UnsetType = UNSET
    expression: list[str] | UnsetType = UNSET


class OperationOutcome(Struct, kw_only=True, omit_defaults=True, rename="camel"):
    """The issues of a request."""

    resource_type: Literal["OperationOutcome"]
    issue: list[Issue]
