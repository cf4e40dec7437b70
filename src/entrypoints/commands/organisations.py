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
from entrypoints.commands.context import OrganisationIdType, administer
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


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@operator_option
def disable(organisation_id: OrganisationId, operator: str) -> None:
    """Refuse every call on behalf of the organisation UUID.

    Callers are refused as if they had no grant, at the latest three seconds from now. Patients, grants and
    invitations are kept.
    """
    disabled = run_recorded(
        CommandEntry(Command.DISABLE_ORGANISATION, operator, organisation_id=organisation_id),
        lambda container: container.administration().disable_organisation()(organisation_id),
    )
    if failed(disabled):
        raise click.ClickException(f"there is no organisation {organisation_id}")
    click.echo(f"Disabled organisation {organisation_id}.")


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@operator_option
def enable(organisation_id: OrganisationId, operator: str) -> None:
    """Let clients with a grant act for the organisation UUID again."""
    enabled = run_recorded(
        CommandEntry(Command.ENABLE_ORGANISATION, operator, organisation_id=organisation_id),
        lambda container: container.administration().enable_organisation()(organisation_id),
    )
    if failed(enabled):
        raise click.ClickException(f"there is no organisation {organisation_id}")
    click.echo(f"Enabled organisation {organisation_id}.")


@organisations.command(name="list")
def list_() -> None:
    """List the organisations by name: UUID, enabled or disabled, and name, separated by tabs."""
    for each in administer(lambda use_cases: use_cases.list_organisations()()):
        state = "enabled" if each.disabled_at is None else "disabled"
        click.echo(f"{each.id}\t{state}\t{each.name}")
