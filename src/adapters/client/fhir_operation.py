"""Calls an operation of the service with FHIR over HTTP."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import httpx
from msgspec import DecodeError, json, structs
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.client.service_calls import MISFIT, RemoteAddress, ServiceCalls
from adapters.fhir.generate_invitation_tokens import read_omissions, read_patient_tokens
from adapters.fhir.identifiers import patient_identifiers
from adapters.fhir.invitation_answers import read_statuses as read_invitations_of
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.parameters import Parameters
from adapters.fhir.status_query import read_patient_statuses
from application.ports.mailing import BatchAnswer, NoAnswer, RemoteOperation
from domain.idempotency import IdempotencyKey
from domain.identifiers import IdentifierSystem, PatientIdentifier, RequestedIdentifier
from domain.invitations import InvitationStatus, InvitationToken, RequestId, read_batch
from domain.patients import PatientStatus


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


T = TypeVar("T")

ReadAnswer: TypeAlias = Callable[[Parameters, Sequence[PatientIdentifier]], BatchAnswer[T]]
"""Raises ValueError for an answer that does not fit the operation."""

_BATCH_HEADER = "Invitation-Batch"


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
        self._calls = ServiceCalls(client, address, access_tokens, operation)
        self._read_answer = read_answer

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[T], NoAnswer]:
        """Send one request."""
        headers = {"Idempotency-Key": key.text, "Prefer": "return=OperationOutcome"}
        sent = await self._calls.send(patient_identifiers(batch), headers)
        return sent.bind(lambda response: self._read(response, batch))

    def _read(
        self, response: httpx.Response, batch: Sequence[PatientIdentifier]
    ) -> Result[BatchAnswer[T], NoAnswer]:
        try:
            parameters = json.decode(response.content, type=Parameters)
            answer = self._read_answer(parameters, batch)
        except (DecodeError, ValueError):
            return Failure(MISFIT)
        return Success(structs.replace(answer, batch=_batch(response)))


def _batch(response: httpx.Response) -> RequestId | None:
    """Read the id that the service gives the batch; other services give none."""
    return read_batch(response.headers.get(_BATCH_HEADER, "")).value_or(None)
