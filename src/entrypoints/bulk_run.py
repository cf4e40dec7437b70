"""The client's composition root: what a run through a file is made of. It needs no setting of the service."""

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
from adapters.client.state_file import FileAnswerRepository
from adapters.fhir.operations import OperationDeclaration
from adapters.system import AsyncioConcurrency, SystemPauses
from application.mailing.ask_in_batches import Advance, AskCommand, AskInBatches, Stopped
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy

T = TypeVar("T")

_SECONDS = 60.0
"""For the service to take a connection or to answer."""


class BulkOperation(Struct, Generic[T], frozen=True):
    """An operation, how its answers are read and written, and why somebody may be missing from them."""

    declaration: OperationDeclaration
    read_answer: ReadAnswer[T]
    columns: Columns[T]
    unexplained: str


class BulkRun(Struct, frozen=True):
    """Where a run asks, as whom, and where its answers go."""

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
    """Ask for all patients who are not done yet."""
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


def _access_tokens(
    client: httpx.AsyncClient, credentials: ClientCredentials | ReadyAccessToken
) -> AccessTokens:
    if isinstance(credentials, ReadyAccessToken):
        return credentials
    return RenewedAccessTokens(client, credentials, monotonic)
