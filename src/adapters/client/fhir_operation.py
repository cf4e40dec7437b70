"""Calls an operation of the service with FHIR over HTTP."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import httpx
from msgspec import DecodeError, Struct, json
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.client.failures import TRANSIENT, no_answer, printable, retry_after_seconds
from adapters.fhir.generate_invitation_tokens import read_omissions, read_patient_tokens
from adapters.fhir.identifiers import patient_identifiers
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.operations import OperationDeclaration
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
from domain.invitations import InvitationToken
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


def _named(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier(IdentifierSystem(identifier.system), identifier.value)


class _Issue(Struct, frozen=True):
    code: str = ""
    diagnostics: str = ""
    expression: list[str] = []
    location: list[str] = []


class _Outcome(Struct, frozen=True):
    """The readable part of an OperationOutcome. Other servers may use codes that ours does not."""

    issue: list[_Issue] = []


def refusal_text(status: int, body: bytes, url: str) -> Refused:
    """Give the status, and the text of the OperationOutcome; without one, it may be no service at all."""
    try:
        issues = json.decode(body, type=_Outcome).issue
    except (DecodeError, UnicodeDecodeError):
        issues = []
    words = "; ".join(filter(None, map(_words, issues))) or f"{url} gives no reason. Check --server."
    return Refused(printable(f"the service refuses with status {status}: {words}"))


def _words(issue: _Issue) -> str:
    paths = ", ".join([*issue.location, *issue.expression])
    said = f"{issue.code}: {issue.diagnostics}" if issue.diagnostics else issue.code
    return f"{said} [{paths}]" if paths else said


T = TypeVar("T")

ReadAnswer: TypeAlias = Callable[[Parameters, Sequence[PatientIdentifier]], BatchAnswer[T]]
"""Raises ValueError for an answer that does not fit the operation."""

_MEDIA_TYPE = "application/fhir+json"


class RemoteAddress(Struct, frozen=True):
    """The FHIR address of the service, and the organisation to act for."""

    url: str
    organisation: str

    @property
    def canonical_url(self) -> str:
        """The URL in one spelling: host in small letters, no default port and no slash at the end."""
        return str(httpx.URL(self.url)).rstrip("/")


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
        response = await self._post(token.unwrap(), batch, key)
        if not failed(response) and response.unwrap().status_code == httpx.codes.UNAUTHORIZED:
            # the token may have been revoked, or the server's clock may differ
            other = await self._access_tokens.instead_of(token.unwrap())
            if failed(other):
                return Failure(other.failure())
            if other.unwrap() != token.unwrap():
                response = await self._post(other.unwrap(), batch, key)
        return response.bind(lambda answer: self._read(answer, batch))

    async def _post(
        self, token: str, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[httpx.Response, NoAnswer]:
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Org-Public-Id": self._address.organisation,
            "Idempotency-Key": key.text,
            "Content-Type": _MEDIA_TYPE,
            "Accept": _MEDIA_TYPE,
            "Prefer": "return=OperationOutcome",
        }
        body = json.encode(patient_identifiers(batch))
        try:
            return Success(await self._client.post(self._url, content=body, headers=headers))
        except httpx.HTTPError as error:
            return Failure(no_answer(error, self._url))

    def _read(
        self, response: httpx.Response, batch: Sequence[PatientIdentifier]
    ) -> Result[BatchAnswer[T], NoAnswer]:
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return Failure(RateLimited(retry_after_seconds(response)))
        # a conflict is a request in progress under the same key
        if response.status_code in TRANSIENT | {httpx.codes.CONFLICT}:
            problem = f"{self._url}: the service answers with status {response.status_code}"
            return Failure(NotAnswered(problem, retry_after_seconds(response)))
        if response.status_code != httpx.codes.OK:
            return Failure(refusal_text(response.status_code, response.content, self._url))
        try:
            parameters = json.decode(response.content, type=Parameters)
            return Success(self._read_answer(parameters, batch))
        except (DecodeError, ValueError):
            return Failure(
                Refused("the service gives an answer that does not fit the operation", may_have_acted=True)
            )
