"""What the commands have in common: settings, the container, a database that is ready."""

import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import uvloop
from returns.result import Failure

from domain.access import is_client_id
from domain.organisations import OrganisationId
from entrypoints.settings import Settings, read_settings
from entrypoints.use_cases import UseCases

T = TypeVar("T")


class WrongSettingsError(click.ClickException):
    """Settings that a command cannot work with."""

    exit_code = 2


class OrganisationIdType(click.ParamType[OrganisationId]):
    """An organisation's id on the command line."""

    name = "uuid"

    def convert(
        self, value: str | OrganisationId, param: click.Parameter | None, ctx: click.Context | None
    ) -> OrganisationId:
        """Read a UUID in its canonical form."""
        parsed = OrganisationId.parse(str(value))
        if isinstance(parsed, Failure):
            self.fail("an organisation id is a UUID such as 235a397b-1ae8-4755-9c77-1a0e2fbc5314", param, ctx)
        return parsed.unwrap()


class ClientIdType(click.ParamType[str]):
    """A client's id on the command line."""

    name = "client_id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take what an access token could carry."""
        if not is_client_id(value):
            self.fail("a client id is 1 to 255 visible ASCII characters", param, ctx)
        return value


def settings_from_environment(*, to_serve: bool) -> Settings:
    """Read the settings. Raises WrongSettingsError with a line for each that is wrong."""
    settings = read_settings(os.environ, to_serve=to_serve)
    if isinstance(settings, Failure):
        raise WrongSettingsError("\ninvitations: ".join(settings.failure().problems))
    return settings.unwrap()


def run(work: Callable[[UseCases], Awaitable[T]], *, migrated: bool = True) -> T:
    """Do some work with a container, and close the database after it.

    Raises click.ClickException when the schema of the database is not this release's, unless
    `migrated` is False, and `Unavailable`.
    """
    container = UseCases(settings=settings_from_environment(to_serve=False))

    async def with_database() -> T:
        try:
            problem = await container.schema().problem() if migrated else None
            if problem:
                raise click.ClickException(problem)
            return await work(container)
        finally:
            await container.database().close()

    return uvloop.run(with_database())
