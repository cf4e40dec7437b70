"""Refusals, whole: the status, the resource, and the headers that say something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.integration.http.support.call import FHIR_JSON, REQUEST_ID
from tests.integration.http.support.resource_in import resource_in

_HEADERS = ("WWW-Authenticate", "Allow", "Retry-After", "Content-Type", "Cache-Control", "X-Request-Id")
_TEXTS = {
    "conflict": "In conflict with an earlier request",
    "exception": "Unexpected error",
    "expired": "Expired",
    "forbidden": "Not permitted",
    "invalid": "Not valid",
    "login": "Not authenticated",
    "not-found": "Not found",
    "not-supported": "Not supported",
    "required": "Required and missing",
    "structure": "Not of the expected structure",
    "throttled": "Too much in a short time",
    "timeout": "Not in time",
    "too-long": "Too long",
    "transient": "Not available for the moment",
    "value": "Not a possible value",
}
_DISPLAYS = {
    "ACC_TOKEN_EXPIRED": "Access token expired",
    "BAD_AUTHENTICATION": "Bad authentication",
    "USER_TYPE_NOT_PERM": "User type not permitted",
}


@dataclass(frozen=True)
class Refused:
    """A refusal as the caller sees it. It is a dataclass, because pytest then shows differences."""

    status: int
    outcome: Mapping[str, Any]
    headers: Mapping[str, str]


def refused(
    status: int,
    code: str,
    diagnostics: str,
    *,
    response_code: str | None = None,
    header: str | None = None,
    expression: list[str] | None = None,
    **headers: str,
) -> Refused:
    """Give a refusal; a keyword argument such as `Retry_After` stands for a header."""
    details: dict[str, Any] = {"text": _TEXTS[code]}
    if response_code:
        coding = {
            "system": "http://fhir.patientsknowbest.com/codesystem/response-code",
            "code": response_code,
            "display": _DISPLAYS[response_code],
        }
        details["coding"] = [coding]
    issue = {"severity": "error", "code": code, "details": details, "diagnostics": diagnostics}
    if header:
        issue["location"] = [f"http.{header}"]
    if expression:
        issue["expression"] = expression
    return Refused(
        status,
        {"resourceType": "OperationOutcome", "issue": [issue]},
        {
            "Content-Type": FHIR_JSON,
            "Cache-Control": "no-store",
            "X-Request-Id": REQUEST_ID,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def refusal_in(response: httpx.Response) -> Refused:
    """Read an answer as a refusal."""
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    return Refused(response.status_code, resource_in(response), headers)


NO_TOKEN = refused(
    401,
    "login",
    "Send an access token in the header Authorization, as 'Bearer' and the token.",
    response_code="BAD_AUTHENTICATION",
    header="Authorization",
    WWW_Authenticate='Bearer realm="invitation-tokens"',
)
NOT_HTTP = refused(400, "invalid", "The request is not well-formed HTTP.")
UNAVAILABLE = refused(
    503,
    "transient",
    "The service cannot answer now. Nothing was lost; try again later.",
    Retry_After="2",
)
