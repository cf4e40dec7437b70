"""Valid calls over HTTP, except in what a test changes."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import httpx
from msgspec import Struct

from domain.identifiers import RequestedIdentifier
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.people import ADULT, HOSPITAL

OPERATION = "/fhir/Organization/$generate-invitation-tokens"
STATUS_OPERATION = "/fhir/Patient/$status-query"
FHIR_JSON = "application/fhir+json; charset=UTF-8"
FHIR_XML = "application/fhir+xml; charset=UTF-8"
REQUEST_ID = "the-tests-own-id"

Changes: TypeAlias = Mapping[str, str | Sequence[str] | None]
"""Headers to send otherwise: with another value, several times, or not at all."""


def request_headers(access_token: str, changes: Changes | None = None) -> list[tuple[str, str]]:
    headers: Changes = {
        "Authorization": f"Bearer {access_token}",
        "X-Org-Public-Id": str(HOSPITAL),
        "Content-Type": "application/fhir+json",
        "X-Request-Id": REQUEST_ID,
        **(changes or {}),
    }
    return [
        (name, value)
        for name, values in headers.items()
        if values is not None
        for value in ([values] if isinstance(values, str) else values)
    ]


def asking_for(*identifiers: RequestedIdentifier) -> bytes:
    return parameters(*map(patient_identifier, identifiers))


class Caller:
    """The client that has the grant, with a fresh access token."""

    def __init__(self, client: httpx.Client, access_token: str, operation: str = OPERATION) -> None:
        self._client = client
        self.access_token = access_token
        self.operation = operation

    def call(
        self,
        content: bytes = asking_for(ADULT),
        changes: Changes | None = None,
        *,
        method: str = "POST",
        path: str | None = None,
    ) -> httpx.Response:
        headers = [
            (name.encode(), value.encode()) for name, value in request_headers(self.access_token, changes)
        ]
        return self._client.request(method, path or self.operation, headers=headers, content=content)

    def ask(self, *identifiers: RequestedIdentifier) -> "list[Answered]":
        """Give the answer to a call that is to succeed."""
        return answered(self.call(asking_for(*identifiers)).raise_for_status())


class Answered(Struct, frozen=True):
    """An entry of the answer."""

    identifier: RequestedIdentifier
    code: str
    token: str
    expiry: str


def answered(response: httpx.Response) -> list[Answered]:
    return [_entry(entry["part"]) for entry in response.json().get("parameter", ())]


def _entry(parts: Sequence[Mapping[str, Any]]) -> Answered:
    by_name = {part["name"]: part for part in parts}
    return Answered(
        RequestedIdentifier(**by_name["patientIdentifier"]["valueIdentifier"]),
        by_name["code"]["valueString"],
        by_name["token"]["valueString"],
        by_name["expiry"]["valueDateTime"],
    )
