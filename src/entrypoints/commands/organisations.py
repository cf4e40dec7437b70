"""The commands under `organisations`."""

import click

from domain.organisations import Organisation, OrganisationId
from domain.results import failed
from entrypoints.commands.context import OrganisationIdType, administer


@click.group()
def organisations() -> None:
    """Manage the organisations that invite their patients."""


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@click.option("--name", required=True, help="The name of the organisation.")
def add(organisation_id: OrganisationId, name: str) -> None:
    """Add an organisation; callers name it by its UUID."""
    if not name.strip() or not name.isprintable():
        raise click.BadParameter(
            "the name must have visible characters, and no control characters", param_hint="--name"
        )
    organisation = Organisation(organisation_id, name)
    added = administer(lambda use_cases: use_cases.add_organisation()(organisation))
    if failed(added):
        raise click.ClickException(f"organisation {organisation_id} already exists; nothing was changed")
    click.echo(f"Added organisation {organisation_id}, {name}.")


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
def disable(organisation_id: OrganisationId) -> None:
    """Refuse every call on behalf of the organisation UUID.

    Callers are refused as if they had no grant, at the latest three seconds from now. Patients, grants and
    invitations are kept.
    """
    disabled = administer(lambda use_cases: use_cases.disable_organisation()(organisation_id))
    if failed(disabled):
        raise click.ClickException(f"there is no organisation {organisation_id}")
    click.echo(f"Disabled organisation {organisation_id}.")


@organisations.command()
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
def enable(organisation_id: OrganisationId) -> None:
    """Let clients with a grant act for the organisation UUID again."""
    enabled = administer(lambda use_cases: use_cases.enable_organisation()(organisation_id))
    if failed(enabled):
        raise click.ClickException(f"there is no organisation {organisation_id}")
    click.echo(f"Enabled organisation {organisation_id}.")


@organisations.command(name="list")
def list_() -> None:
    """List the organisations by name: UUID, enabled or disabled, and name, separated by tabs."""
    for each in administer(lambda use_cases: use_cases.list_organisations()()):
        state = "enabled" if each.disabled_at is None else "disabled"
        click.echo(f"{each.id}\t{state}\t{each.name}")
