"""An operation of the service, called with FHIR over HTTP."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from adapters.bulk_client.access_tokens import AccessTokens
from adapters.bulk_client.refusal_text import refusal_text
from adapters.fhir.operation import OperationDeclaration
from adapters.fhir.parameters import Parameters
from adapters.fhir.patient_identifiers import patient_identifiers
from application.ports.remote_operation import (
    BatchAnswer,
    NoAnswer,
    NotAnswered,
    Refused,
    RemoteOperation,
    TooFast,
)
from domain.idempotency import IdempotencyKey
from domain.patient_identifier import PatientIdentifier

T = TypeVar("T")

ReadAnswer: TypeAlias = Callable[[Parameters, Sequence[PatientIdentifier]], BatchAnswer[T]]
"""Raises ValueError for an answer that is not as the operation has it."""

_MEDIA_TYPE = "application/fhir+json"
_PASSING = {408, 409, 425, 500, 502, 503, 504}
"""Statuses that the same request may not meet the next time."""


class RemoteAddress(Struct, frozen=True):
    """The FHIR address of the service, and the organisation on whose behalf it is called."""

    url: str
    organisation: str


class FhirOperation(RemoteOperation[T], Generic[T]):
    """Sends batches as Parameters, and reads what comes back."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        address: RemoteAddress,
        access_tokens: AccessTokens,
        operation: OperationDeclaration,
        read_answer: ReadAnswer[T],
    ) -> None:
        """Take an HTTP client, and what is called where."""
        self._client = client
        self._address = address
        self._access_tokens = access_tokens
        self._url = f"{address.url.rstrip('/')}/{operation.resource}/${operation.code}"
        self._read_answer = read_answer

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[T], NoAnswer]:
        """Send one request."""
        token = await self._access_tokens.current()
        if isinstance(token, Failure):
            return Failure(token.failure())
        headers = {
            "Authorization": f"Bearer {token.unwrap()}",
            "X-Org-Public-Id": self._address.organisation,
            "Idempotency-Key": key.text,
            "Content-Type": _MEDIA_TYPE,
            "Accept": _MEDIA_TYPE,
            "Prefer": "return=OperationOutcome",
        }
        body = json.encode(patient_identifiers(batch))
        try:
            response = await self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return Failure(NotAnswered(f"no answer from the service ({type(error).__name__})"))
        return self._read(response, batch)

    def _read(
        self, response: httpx.Response, batch: Sequence[PatientIdentifier]
    ) -> Result[BatchAnswer[T], NoAnswer]:
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return Failure(TooFast(_retry_after(response)))
        if response.status_code in _PASSING:
            problem = f"the service answers with status {response.status_code}"
            return Failure(NotAnswered(problem, _retry_after(response)))
        if response.status_code != httpx.codes.OK:
            return Failure(refusal_text(response.status_code, response.content))
        try:
            parameters = json.decode(response.content, type=Parameters)
            return Success(self._read_answer(parameters, batch))
        except (DecodeError, ValueError):
            return Failure(Refused("the service gives an answer that is not as the operation has it"))


def _retry_after(response: httpx.Response) -> float:
    """Read the seconds of https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 ; a date counts as none."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else 0.0
