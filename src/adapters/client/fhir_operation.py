"""Calls an operation of the service with FHIR over HTTP."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import httpx
from msgspec import DecodeError, Struct, json, structs
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.fhir.generate_invitation_tokens import read_omissions, read_patient_tokens
from adapters.fhir.identifiers import patient_identifiers
from adapters.fhir.invitation_answers import read_statuses as read_invitations_of
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.parameters import Parameters
from adapters.fhir.status_query import read_patient_statuses
from application.ports.mailing import (
    BatchAnswer,
    NoAnswer,
    NotAnswered,
    RateLimited,
    Refused,
    RemoteOperation,
)
from domain.idempotency import IdempotencyKey
from domain.identifiers import IdentifierSystem, PatientIdentifier, RequestedIdentifier
from domain.invitations import InvitationStatus, InvitationToken, RequestId, read_batch
from domain.patients import PatientStatus
from domain.results import failed


def read_invitations(
    parameters: Parameters, batch: Sequence[PatientIdentifier]
) -> BatchAnswer[InvitationToken]:
    """Read the invitations, and the reasons for omitted patients if there are any. Raises ValueError."""
    answered = {_named(each.identifier): each.invitation_token for each in read_patient_tokens(parameters)}
    reasons = read_omissions(parameters)
    paths = {parameter_path(position): each for position, each in enumerate(batch)}
    return BatchAnswer(answered, {paths[path]: reason for path, reason in reasons.items() if path in paths})


def read_statuses(parameters: Parameters, _batch: Sequence[PatientIdentifier]) -> BatchAnswer[PatientStatus]:
    """Read the status of each patient. Raises ValueError."""
    answered = {_named(each.identifier): each.status for each in read_patient_statuses(parameters)}
    return BatchAnswer(answered, {})


def read_invitation_statuses(
    parameters: Parameters, _batch: Sequence[PatientIdentifier]
) -> BatchAnswer[InvitationStatus]:
    """Read the status of each patient's invitation. Raises ValueError."""
    answered = {_named(each.identifier): each.status for each in read_invitations_of(parameters)}
    return BatchAnswer(answered, {})


def _named(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier(IdentifierSystem(identifier.system), identifier.value)


_MOST_CHARACTERS = 2_000


class _Issue(Struct, frozen=True):
    code: str = ""
    diagnostics: str = ""
    expression: list[str] = []
    location: list[str] = []


class _Outcome(Struct, frozen=True):
    """The readable part of an OperationOutcome. Other servers may use codes that ours does not."""

    issue: list[_Issue] = []


def refusal_text(status: int, body: bytes) -> Refused:
    """Give the status, and the text of the OperationOutcome if there is one."""
    try:
        issues = json.decode(body, type=_Outcome).issue
    except (DecodeError, UnicodeDecodeError):
        issues = []
    words = "; ".join(filter(None, map(_words, issues)))
    text = f"the service refuses with status {status}" + (f": {words}" if words else "")
    # control characters could move the cursor of a terminal
    return Refused("".join(each if each.isprintable() else " " for each in text[:_MOST_CHARACTERS]))


def _words(issue: _Issue) -> str:
    paths = ", ".join([*issue.location, *issue.expression])
    said = f"{issue.code}: {issue.diagnostics}" if issue.diagnostics else issue.code
    return f"{said} [{paths}]" if paths else said


T = TypeVar("T")

ReadAnswer: TypeAlias = Callable[[Parameters, Sequence[PatientIdentifier]], BatchAnswer[T]]
"""Raises ValueError for an answer that does not fit the operation."""

_BATCH_HEADER = "Invitation-Batch"
MEDIA_TYPE = "application/fhir+json"
TRANSIENT = {408, 409, 425, 500, 502, 503, 504}
"""With these statuses, the same request may succeed later."""


class RemoteAddress(Struct, frozen=True):
    """The FHIR address of the service, and the organisation to act for."""

    url: str
    organisation: str


class FhirOperation(RemoteOperation[T], Generic[T]):
    """Sends batches as Parameters, and reads the answers."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        address: RemoteAddress,
        access_tokens: AccessTokens,
        operation: OperationDeclaration,
        read_answer: ReadAnswer[T],
    ) -> None:
        """Call `operation` at `address` with an HTTP client."""
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
        if failed(token):
            return Failure(token.failure())
        headers = {
            "Authorization": f"Bearer {token.unwrap()}",
            "X-Org-Public-Id": self._address.organisation,
            "Idempotency-Key": key.text,
            "Content-Type": MEDIA_TYPE,
            "Accept": MEDIA_TYPE,
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
            return Failure(RateLimited(retry_after_seconds(response)))
        # a conflict without Retry-After is for good: the batch was revoked
        is_conflict = response.status_code == httpx.codes.CONFLICT
        if response.status_code in TRANSIENT and not (is_conflict and "Retry-After" not in response.headers):
            problem = f"the service answers with status {response.status_code}"
            return Failure(NotAnswered(problem, retry_after_seconds(response)))
        if response.status_code != httpx.codes.OK:
            return Failure(refusal_text(response.status_code, response.content))
        try:
            parameters = json.decode(response.content, type=Parameters)
            answer = self._read_answer(parameters, batch)
            return Success(structs.replace(answer, batch=_batch(response)))
        except (DecodeError, ValueError):
            return Failure(Refused("the service gives an answer that does not fit the operation"))


def _batch(response: httpx.Response) -> RequestId | None:
    """Read the id that the service gives the batch; other services give none."""
    return read_batch(response.headers.get(_BATCH_HEADER, "")).value_or(None)


def retry_after_seconds(response: httpx.Response) -> float:
    """Read the seconds of https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 ; a date counts as 0."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else 0.0
