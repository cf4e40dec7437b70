"""The application on the real database, without HTTP."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from application.generate_invitation_tokens.use_case import GenerateCommand
from benchmarks.access import ORGANISATION
from benchmarks.subject import Send, Subject
from domain.access import AuthorisedCaller, Caller, Operation
from domain.identifiers import RequestedIdentifier
from domain.organisations import OrganisationId
from entrypoints.container import Container
from entrypoints.demo.service import CLIENT_ID
from entrypoints.settings import read_settings
from entrypoints.worker import STATEMENT_SECONDS


def container_of(settings: Mapping[str, str]) -> Container:
    """Assemble the application like a worker of the service."""
    return Container(
        settings=read_settings(settings, to_serve=True).unwrap(), statement_seconds=STATEMENT_SECONDS
    )


def command_for(identifiers: Sequence[RequestedIdentifier]) -> GenerateCommand:
    """Request tokens as an authorised caller."""
    organisation_id = OrganisationId.parse(ORGANISATION).unwrap()
    authorised = AuthorisedCaller(Caller(CLIENT_ID), organisation_id, Operation.GENERATE_INVITATION_TOKENS)
    return GenerateCommand(authorised, identifiers)


class UseCase(Subject):
    """Calls the use case in this process."""

    name = "use case"

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Assemble the application from the environment of a service."""
        self._container = container_of(settings)
        self._generate = self._container.operations.generate_invitation_tokens()

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> GenerateCommand:
        """Make a command."""
        return command_for(identifiers)

    @asynccontextmanager
    async def connect(self, clients: int) -> AsyncIterator[Sequence[Send]]:
        """Let all clients share the use case."""
        yield [self._send] * clients

    def cpu_seconds(self) -> float:
        """Give the processor time of this process."""
        return time.process_time()

    async def _send(self, command: GenerateCommand) -> int:
        return len((await self._generate(command)).unwrap().invited)

    async def close(self) -> None:
        """Close the connections to the database."""
        await self._container.storage.database().close()
