"""What the commands share: settings, the container, a database that is ready."""

import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import uvloop

from adapters.sql.errors import StorageUnavailable
from domain.access import is_client_id
from domain.organisations import OrganisationId
from domain.results import failed
from entrypoints.command_container import CommandContainer
from entrypoints.resources import close_resources, open_resources
from entrypoints.settings import Settings, read_settings
from entrypoints.use_cases import Administration

T = TypeVar("T")
C = TypeVar("C", bound=Callable[..., object])


class WrongSettingsError(click.ClickException):
    """A setting is wrong or missing."""

    exit_code = 2


class OrganisationIdType(click.ParamType[OrganisationId]):
    """An organisation's id on the command line."""

    name = "uuid"

    def convert(
        self, value: str | OrganisationId, param: click.Parameter | None, ctx: click.Context | None
    ) -> OrganisationId:
        """Read a UUID in its canonical form."""
        parsed = OrganisationId.parse(str(value))
        if failed(parsed):
            self.fail("an organisation id is a UUID such as 235a397b-1ae8-4755-9c77-1a0e2fbc5314", param, ctx)
        return parsed.unwrap()


def organisation_option(what: str, *, required: bool = True) -> Callable[[C], C]:
    """Make the option that names an organisation; `what` says what the organisation does."""
    return click.option(
        "--organisation", required=required, metavar="UUID", type=OrganisationIdType(), help=what
    )


class UnknownOrganisationError(click.ClickException):
    """The organisation is not in the database."""

    def __init__(self, organisation_id: OrganisationId | None) -> None:
        """Say which one."""
        super().__init__(f"there is no organisation {organisation_id}; add it first")


class ClientIdType(click.ParamType[str]):
    """A client id on the command line."""

    name = "client_id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept what an access token could carry."""
        if not is_client_id(value):
            self.fail("a client id is 1 to 255 visible ASCII characters", param, ctx)
        return value


def settings_from_environment(*, to_serve: bool) -> Settings:
    """Read the settings. Raises WrongSettingsError with a line for each that is wrong."""
    settings = read_settings(os.environ, to_serve=to_serve)
    if failed(settings):
        raise WrongSettingsError("\ninvitations: ".join(settings.failure().problems))
    return settings.unwrap()


def administer(work: Callable[[Administration], Awaitable[T]]) -> T:
    """Do some work with the use cases of operators. Raises what `run` raises."""
    return run(lambda container: work(container.administration()))


def run(work: Callable[[CommandContainer], Awaitable[T]], *, migrated: bool = True) -> T:
    """Do some work with a container, and close the database after it.

    Raises click.ClickException if the database cannot be used, or if its schema is not this release's,
    unless `migrated` is False.
    """
    container = CommandContainer(settings=settings_from_environment(to_serve=False))

    async def with_database() -> T:
        await open_resources(container)
        try:
            problem = await container.storage().schema().problem() if migrated else None
            if problem:
                raise click.ClickException(problem)
            return await work(container)
        except StorageUnavailable as error:
            raise click.ClickException(error.problem) from None
        finally:
            await close_resources(container)

    return uvloop.run(with_database())
