"""The composition root of the bulk client, which needs no setting of the service."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

import httpx
from msgspec import Struct
from returns.result import Result

from adapters.client.access_tokens import (
    AccessTokens,
    ClientCredentials,
    ReadyAccessToken,
    RenewedAccessTokens,
)
from adapters.client.answer_files import AnswerLines, Columns, OutputForm
from adapters.client.fhir_operation import FhirOperation, ReadAnswer, RemoteAddress
from adapters.client.revocation import FhirRevocation
from adapters.client.state_file import FileAnswerRepository
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.system import AsyncioConcurrency, SystemPauses
from application.mailing.ask_in_batches import Advance, AskCommand, AskInBatches, GivenUp, Stopped, Waiting
from application.mailing.revoke_remotely import RevokeRemotely, RevokeRemotelyCommand
from application.ports.mailing import Refused, RevokedRemotely
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy

T = TypeVar("T")

_SECONDS = 60.0
"""How long the service may take to accept a connection or to answer."""


class BulkOperation(Struct, Generic[T], frozen=True):
    """An operation, the readers and writers of its answers, and the reason if the service gives none."""

    declaration: OperationDeclaration
    read_answer: ReadAnswer[T]
    columns: Columns[T]
    unexplained: str


class BulkRun(Struct, frozen=True):
    """The service and the credentials of a run, and the output for its answers."""

    address: RemoteAddress
    credentials: ClientCredentials | ReadyAccessToken
    output: Path
    form: OutputForm
    concurrency: int


def ask_for_all(
    run: BulkRun,
    operation: BulkOperation[T],
    identifiers: Sequence[PatientIdentifier],
    on_advance: Callable[[Advance], None],
) -> Result[None, Stopped]:
    """Ask for all patients that are not done yet."""
    command = AskCommand(
        f"{operation.declaration.code} {run.address.url} {run.address.organisation}",
        identifiers,
        operation.declaration.limit,
        run.concurrency,
        operation.unexplained,
    )
    return asyncio.run(_ask(run, operation, command, on_advance))


async def _ask(
    run: BulkRun, operation: BulkOperation[T], command: AskCommand, on_advance: Callable[[Advance], None]
) -> Result[None, Stopped]:
    answers = FileAnswerRepository(run.output, AnswerLines(operation.columns, run.form))
    try:
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            remote = FhirOperation(
                client,
                run.address,
                _access_tokens(client, run.credentials),
                operation.declaration,
                operation.read_answer,
            )
            ask = AskInBatches(remote, answers, SystemPauses(), AsyncioConcurrency(), RetryPolicy())
            return await ask(command, on_advance)
    finally:
        answers.close()


def revoke_all(
    run: BulkRun, command: RevokeRemotelyCommand, on_wait: Callable[[Waiting], None]
) -> Result[RevokedRemotely, Refused | GivenUp]:
    """Let the service revoke; `run` names it, and has no list."""

    async def revoke() -> Result[RevokedRemotely, Refused | GivenUp]:
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            remote = FhirRevocation(client, run.address, _access_tokens(client, run.credentials))
            return await RevokeRemotely(remote, SystemPauses(), RetryPolicy())(command, on_wait)

    return asyncio.run(revoke())


def _access_tokens(
    client: httpx.AsyncClient, credentials: ClientCredentials | ReadyAccessToken
) -> AccessTokens:
    if isinstance(credentials, ReadyAccessToken):
        return credentials
    return RenewedAccessTokens(client, credentials, monotonic)
