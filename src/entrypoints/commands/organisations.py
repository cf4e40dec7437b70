"""The commands under `organisations`."""

from typing import assert_never

import click

from application.administration.organisations import (
    OrganisationExists,
    OrganisationIdIsNil,
    OrganisationNotAdded,
)
from application.administration.record_command import CommandEntry
from domain.administration import Command
from domain.organisations import Organisation, OrganisationId
from domain.results import failed
from entrypoints.commands.context import OrganisationIdType
from entrypoints.commands.recorded import operator_option, run_recorded


@click.group()
def organisations() -> None:
    """Manage the organisations that invite their patients."""


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@click.option("--name", required=True, help="The name of the organisation.")
@operator_option
def add(organisation_id: OrganisationId, name: str, operator: str) -> None:
    """Add an organisation; callers name it by its UUID."""
    if not name.strip() or not name.isprintable():
        raise click.BadParameter(
            "the name must have visible characters, and no control characters", param_hint="--name"
        )
    organisation = Organisation(organisation_id, name)
    added = run_recorded(
        CommandEntry(Command.ADD_ORGANISATION, operator, organisation_id=organisation_id),
        lambda container: container.administration().add_organisation()(organisation),
    )
    if failed(added):
        raise _not_added(added.failure(), organisation_id)
    click.echo(f"Added organisation {organisation_id}, {name}.")


def _not_added(problem: OrganisationNotAdded, organisation_id: OrganisationId) -> click.ClickException:
    match problem:
        case OrganisationExists():
            return click.ClickException(f"organisation {organisation_id} already exists; nothing was changed")
        case OrganisationIdIsNil():
            return click.BadParameter(
                "the UUID of zeros stands for no organisation; take another", param_hint="UUID"
            )
        case _:
            assert_never(problem)
