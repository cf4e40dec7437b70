"""The commands under `clients`."""

import click

from application.administration.record_command import CommandEntry, CommandReport
from domain.access import Grant, GrantTerms, RedemptionGrant
from domain.administration import Command
from domain.organisations import OrganisationId
from domain.results import failed
from entrypoints.commands.context import (
    ClientIdType,
    OrganisationIdType,
    UnknownOrganisationError,
    administer,
)
from entrypoints.commands.recorded import operator_option, run_recorded
from entrypoints.setting_values import A_CENTURY
from entrypoints.use_cases import Administration


@click.group()
def clients() -> None:
    """Manage which OAuth client may act for which organisation, and which may redeem invitations."""


@clients.command()
@click.argument("client_id", type=ClientIdType())
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@click.option(
    "--lifetime-days",
    metavar="N",
    type=click.IntRange(1, A_CENTURY),
    help="How many days the client's invitations live, instead of INVITATIONS_TOKEN_LIFETIME_DAYS.",
)
@operator_option
def grant(client_id: str, organisation_id: OrganisationId, lifetime_days: int | None, operator: str) -> None:
    """Let the client CLIENT_ID act for the organisation UUID.

    A grant that exists gets the lifetime, and keeps its own without the option. Invitations that are
    issued already keep their expiry.
    """
    terms = None if lifetime_days is None else GrantTerms(lifetime_days)
    granted = run_recorded(
        CommandEntry(Command.GRANT_ACCESS, operator, organisation_id=organisation_id, client_id=client_id),
        lambda container: container.administration().grant_access()(Grant(client_id, organisation_id), terms),
        lambda _done: CommandReport({} if lifetime_days is None else {"lifetime-days": lifetime_days}),
    )
    if failed(granted):
        raise UnknownOrganisationError(organisation_id)
    click.echo(f"Client {client_id} may act for organisation {organisation_id}.")


@clients.command()
@click.argument("client_id", type=ClientIdType())
@click.argument("organisation_id", metavar="UUID", type=OrganisationIdType())
@operator_option
def revoke(client_id: str, organisation_id: OrganisationId, operator: str) -> None:
    """Stop the client CLIENT_ID from acting for the organisation UUID."""
    revoked = run_recorded(
        CommandEntry(Command.REVOKE_ACCESS, operator, organisation_id=organisation_id, client_id=client_id),
        lambda container: container.administration().revoke_access()(Grant(client_id, organisation_id)),
    )
    if failed(revoked):
        raise click.ClickException(f"client {client_id} had no grant for organisation {organisation_id}")
    click.echo(f"Client {client_id} may no longer act for organisation {organisation_id}.")


@clients.command()
@click.argument("client_id", type=ClientIdType())
@operator_option
def grant_redemption(client_id: str, operator: str) -> None:
    """Let the client CLIENT_ID, a portal, redeem the invitations of every organisation."""
    run_recorded(
        CommandEntry(Command.GRANT_REDEMPTION, operator, client_id=client_id),
        lambda container: container.administration().grant_redemption()(RedemptionGrant(client_id)),
    ).unwrap()
    click.echo(f"Client {client_id} may redeem invitations.")


@clients.command()
@click.argument("client_id", type=ClientIdType())
@operator_option
def revoke_redemption(client_id: str, operator: str) -> None:
    """Stop the client CLIENT_ID from redeeming invitations."""
    revoked = run_recorded(
        CommandEntry(Command.REVOKE_REDEMPTION, operator, client_id=client_id),
        lambda container: container.administration().revoke_redemption()(RedemptionGrant(client_id)),
    )
    if failed(revoked):
        raise click.ClickException(f"client {client_id} had no grant to redeem invitations")
    click.echo(f"Client {client_id} may no longer redeem invitations.")


@clients.command(name="list")
def list_() -> None:
    """List the grants: one client and one organisation per line, separated by a tab.

    The days that invitations live follow after another tab, if the grant says so. Clients that may redeem
    invitations come last, with the word redemption for the organisation.
    """
    administer(_print_grants)


async def _print_grants(use_cases: Administration) -> None:
    for grant, terms in (await use_cases.list_grants()()).items():
        days = "" if terms.lifetime_days is None else f"\t{terms.lifetime_days}"
        click.echo(f"{grant.client_id}\t{grant.organisation_id}{days}")
    for portal in await use_cases.list_redemption_grants()():
        click.echo(f"{portal.client_id}\tredemption")
