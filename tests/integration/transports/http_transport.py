"""The service over HTTP."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import httpx

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.call import FHIR_JSON, OPERATION, STATUS_OPERATION, asking_for
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
    401: Why.UNAUTHENTICATED,
    403: Why.FORBIDDEN,
    413: Why.TOO_LARGE,
    429: Why.THROTTLED,
    503: Why.UNAVAILABLE,
}


class HttpTransport(Transport):
    """Calls the operations over HTTP."""

    def __init__(self, client: httpx.Client) -> None:
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
        headers = {"Idempotency-Key": key, "Prefer": "return=OperationOutcome" if include_omitted else None}
        response = self._post(OPERATION, access, identifiers, headers, request_id)
        if not response.is_success:
            return _refused(response)
        parameters = response.json().get("parameter", [])
        outcomes = [each["resource"] for each in parameters if each["name"] == "outcome"]
        issues = [issue for outcome in outcomes for issue in outcome["issue"] if "expression" in issue]
        return Tokens(
            invited=[_invited(each["part"]) for each in parameters if each["name"] == "patientTokens"],
            omitted=[_omitted(issue, identifiers) for issue in issues],
            replayed=response.headers.get("Idempotent-Replayed") == "true",
        )

    def query_status(self, access: Access, identifiers: Sequence[RequestedIdentifier]) -> Queried:
        response = self._post(STATUS_OPERATION, access, identifiers, {}, "")
        if not response.is_success:
            return _refused(response)
        return [_status(each["part"]) for each in response.json()["parameter"]]

    def _post(
        self,
        path: str,
        access: Access,
        identifiers: Sequence[RequestedIdentifier],
        changes: Mapping[str, str | None],
        request_id: str,
    ) -> httpx.Response:
        headers = [
            *(("Authorization", each) for each in access.authorization),
            *(("X-Org-Public-Id", each) for each in access.organisation),
            ("Content-Type", FHIR_JSON),
            ("X-Request-Id", request_id),
            *((name, value) for name, value in changes.items() if value is not None),
        ]
        response = self._client.post(path, headers=headers, content=asking_for(*identifiers))
        assert request_id in {"", response.headers["X-Request-Id"]}
        return response


def _refused(response: httpx.Response) -> Refused:
    (issue,) = response.json()["issue"]
    found = [re.search(r"parameter\[([0-9]+)\]", each) for each in issue.get("expression", [])]
    retry_after = response.headers.get("Retry-After")
    return Refused(
        Why.CONFLICT if issue["code"] == "conflict" else _WHY.get(response.status_code, Why.INVALID),
        tuple(dict.fromkeys(int(each[1]) for each in found if each)),
        None if retry_after is None else int(retry_after),
    )


def _invited(parts: Sequence[Mapping[str, Any]]) -> Invited:
    by_name = {part["name"]: part for part in parts}
    return Invited(
        RequestedIdentifier(**by_name["patientIdentifier"]["valueIdentifier"]),
        by_name["code"]["valueString"],
        by_name["token"]["valueString"],
        datetime.fromisoformat(by_name["expiry"]["valueDateTime"]),
    )


def _omitted(
    issue: Mapping[str, Any], identifiers: Sequence[RequestedIdentifier]
) -> tuple[RequestedIdentifier, str]:
    position = re.findall(r"[0-9]+", issue["expression"][0])[0]
    return identifiers[int(position)], issue["details"]["coding"][0]["code"]


def _status(parts: Sequence[Mapping[str, Any]]) -> Status:
    by_name = {part["name"]: part for part in parts}
    diagnostics = by_name.get("diagnostics", {}).get("valueString")
    born = by_name.get("dateOfBirth", {}).get("valueDate")
    return Status(
        RequestedIdentifier(**by_name["patientIdentifier"]["valueIdentifier"]),
        found=diagnostics != "Not found",
        accessible=diagnostics is None,
        deceased=by_name.get("deceased", {}).get("valueBoolean"),
        registered=by_name.get("registered", {}).get("valueBoolean"),
        date_of_birth=None if born is None else date.fromisoformat(born),
    )
