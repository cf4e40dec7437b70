"""The composition root of the bulk client, which needs no setting of the service."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

import httpx
from msgspec import Struct
from returns.result import Result

from adapters.client.access_tokens import (
    AccessTokens,
    ReadyAccessToken,
    RenewedAccessTokens,
    TokenRequest,
)
from adapters.client.answer_files import AnswerLines, Columns, OutputForm
from adapters.client.bounded_answers import IDENTITY, bound_answer
from adapters.client.client_authentication import ClientAuthentication
from adapters.client.fhir_operation import FhirOperation, ReadAnswer, RemoteAddress
from adapters.client.state_file import FileAnswerRepository
from adapters.fhir.operations import OperationDeclaration
from adapters.proxies import ProxiedTransport
from adapters.system import AsyncioConcurrency, SystemPauses
from application.mailing.ask_in_batches import Advance, AskCommand, AskInBatches, Stopped
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import WorkPart

T = TypeVar("T")

_SECONDS = 60.0
"""How long the service may take to accept a connection or to answer."""


class BulkOperation(Struct, Generic[T], frozen=True):
    """An operation, the readers and writers of its answers, and the reason if the service gives none.

    `answered` is the word for patients who have an answer.
    `bound_to` is what a run is bound to, besides operation, service, organisation and identifiers.
    """

    declaration: OperationDeclaration
    read_answer: ReadAnswer[T]
    columns: Columns[T]
    unexplained: str
    answered: str
    bound_to: Mapping[WorkPart, str] = {}


class Credentials(Struct, frozen=True):
    """What the client asks the OAuth server for, and how it authenticates there."""

    request: TokenRequest
    authentication: ClientAuthentication


class BulkRun(Struct, frozen=True):
    """The service and the credentials of a run, and the output for its answers."""

    address: RemoteAddress
    credentials: Credentials | ReadyAccessToken
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
    purpose = {
        WorkPart.OPERATION: operation.declaration.code,
        WorkPart.SERVICE: run.address.canonical_url,
        WorkPart.ORGANISATION: run.address.organisation,
        **operation.bound_to,
    }
    command = AskCommand(
        purpose,
        identifiers,
        operation.declaration.limit,
        run.concurrency,
        operation.unexplained,
    )
    return asyncio.run(_ask(run, operation, command, on_advance))


async def _ask(
    run: BulkRun, operation: BulkOperation[T], command: AskCommand, on_advance: Callable[[Advance], None]
) -> Result[None, Stopped]:
    lines = AnswerLines(operation.columns, run.form)
    answers = FileAnswerRepository(run.output, lines, command.batch_size)
    try:
        async with _http_client() as client:
            remote = FhirOperation(
                client,
                run.address,
                _access_tokens(client, run.credentials),
                operation.declaration,
                operation.read_answer,
            )
            ask = AskInBatches(remote, answers, SystemPauses(), AsyncioConcurrency(), RetryPolicy())
            return await ask(command, on_advance)
    except OSError as error:
        # a call on an open file says nothing of its name
        raise error if isinstance(error.filename, str) else _named(error, run.output) from None
    finally:
        answers.close()


def _named(error: OSError, path: Path) -> OSError:
    return OSError(error.errno, error.strerror, str(path))


def _http_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=ProxiedTransport(),
        timeout=_SECONDS,
        headers=IDENTITY,
        event_hooks={"response": [bound_answer]},
    )


def _access_tokens(client: httpx.AsyncClient, credentials: Credentials | ReadyAccessToken) -> AccessTokens:
    if isinstance(credentials, ReadyAccessToken):
        return credentials
    return RenewedAccessTokens(client, credentials.request, credentials.authentication, monotonic)
