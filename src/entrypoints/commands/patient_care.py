"""The commands that change who may be invited, for the patients whom a file names."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar, assert_never

import click
from msgspec.structs import replace
from returns.result import Result

from application.administration.holds import HoldOver, HoldRefused
from application.administration.record_command import CommandEntry
from application.ports.patient_files import PatientFile
from domain.administration import Command
from domain.holds import HoldReason
from domain.organisations import OrganisationId, OrganisationUnknown
from domain.patient_reports import Contradiction
from domain.results import failed
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import UnknownOrganisationError, organisation_option
from entrypoints.commands.patient_files import OpenedPatients, Tally, file_argument
from entrypoints.commands.recorded import operator_option, reason_option, run_recorded

E = TypeVar("E")

_one_organisation = organisation_option("The organisation that it is for.", required=False)
_all_organisations = click.option("--all-organisations", is_flag=True, help="It is for all organisations.")
_hold_reason = click.option(
    "--reason",
    required=True,
    type=click.Choice([each.value for each in HoldReason]),
    help="Why the patients must not be invited. Callers never learn it.",
)


@click.command()
@file_argument
@_one_organisation
@_all_organisations
@_hold_reason
@click.option(
    "--until",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day of the hold, as YYYY-MM-DD. Without it, the hold has no end.",
)
@operator_option
def hold(  # noqa: PLR0913, PLR0917 - an argument for each option
    file: Path,
    organisation: OrganisationId | None,
    all_organisations: bool,  # noqa: FBT001 - an option
    reason: str,
    until: datetime | None,
    operator: str,
) -> None:
    """Put the patients in FILE on hold: they are not invited.

    FILE is like that of `patients import`; only the numbers count. Open invitations of the patients are
    revoked at once. Run the command again to give a hold another last day. `patients release` ends a hold
    early.
    """
    scope = _scope(organisation, all_organisations=all_organisations)
    ends_on: date | None = until and until.date()
    tally, refused = _change(
        CommandEntry(Command.HOLD_PATIENTS, operator, organisation_id=scope, reason=reason),
        file,
        lambda container, patients, on: container.administration().hold_patients()(
            scope, HoldReason(reason), ends_on, patients, on.changed
        ),
    )
    if refused is not None:
        raise _hold_refused(refused, scope)
    click.echo(f"Put {_patients(tally.carried_out)} on hold; {tally.unchanged:,} were on this hold already.")
    tally.fail_if_incomplete("put on hold")


@click.command()
@file_argument
@_one_organisation
@_all_organisations
@_hold_reason
@operator_option
def release(
    file: Path,
    organisation: OrganisationId | None,
    all_organisations: bool,  # noqa: FBT001 - an option
    reason: str,
    operator: str,
) -> None:
    """Release the patients in FILE from the hold for a reason.

    FILE is like that of `patients import`; only the numbers count. Holds for other reasons, or for other
    organisations, stay. Revoked invitations stay revoked: invite the patients again.
    """
    scope = _scope(organisation, all_organisations=all_organisations)
    tally, refused = _change(
        CommandEntry(
            Command.RELEASE_PATIENTS,
            operator,
            organisation_id=scope,
            reason=reason,
        ),
        file,
        lambda container, patients, on: container.administration().release_patients()(
            scope, HoldReason(reason), patients, on.changed
        ),
    )
    if refused is not None:
        raise UnknownOrganisationError(scope)
    click.echo(f"Released {_patients(tally.carried_out)}; {tally.unchanged:,} were not on this hold.")
    tally.fail_if_incomplete("released")


@click.command(name="end-care")
@file_argument
@organisation_option("The organisation that no longer cares for the patients.")
@operator_option
def end_care(file: Path, organisation: OrganisationId, operator: str) -> None:
    """End an organisation's care relationships with the patients in FILE.

    FILE is like that of `patients import`; only the numbers count. The organisation can no longer invite
    the patients, and its open invitations of them are revoked at once. An import that reports a patient
    again begins the relationship anew.
    """
    tally, refused = _change(
        CommandEntry(Command.END_CARE, operator, organisation_id=organisation),
        file,
        lambda container, patients, on: container.administration().end_care()(
            organisation, patients, on.changed
        ),
    )
    if refused is not None:
        raise UnknownOrganisationError(organisation)
    click.echo(
        f"Ended the care of {_patients(tally.carried_out)}; {tally.unchanged:,} had no care relationship."
    )
    tally.fail_if_incomplete("changed")


@click.command()
@file_argument
@reason_option
@operator_option
def forget(file: Path, reason: str, operator: str) -> None:
    """Erase all that is known of the patients in FILE.

    FILE is like that of `patients import`; only the numbers count. Their numbers, dates of birth, care
    relationships, holds, history and invitations are erased. Audit events keep a random internal id, which
    then names no patient. This cannot be undone. A later import knows a patient anew, without the holds.
    """
    tally, _refused = _change(
        CommandEntry(Command.FORGET_PATIENTS, operator, reason=reason),
        file,
        lambda container, patients, on: container.administration().forget_patients()(patients, on.changed),
    )
    unknown = tally.refused.pop(Contradiction.UNKNOWN_PATIENT, 0)
    click.echo(f"Erased {_patients(tally.carried_out)}; {unknown:,} rows name no known patient.")
    tally.fail_if_incomplete("carried out")


def _change(
    entry: CommandEntry,
    file: Path,
    use_case: Callable[[CommandContainer, PatientFile, Tally], Awaitable[Result[None, E]]],
) -> tuple[Tally, E | None]:
    with OpenedPatients(file) as opened:
        result = run_recorded(
            replace(entry, file_digest=opened.digest),
            lambda container: use_case(
                container,
                opened.patients(container.system().clock().today(), numbers_alone=True),
                opened.tally,
            ),
            lambda _done: opened.tally.report(),
        )
    return opened.tally, result.failure() if failed(result) else None


def _scope(organisation: OrganisationId | None, *, all_organisations: bool) -> OrganisationId | None:
    if (organisation is not None) == all_organisations:
        raise click.UsageError("give either --organisation UUID or --all-organisations")
    return organisation


def _hold_refused(refused: HoldRefused, scope: OrganisationId | None) -> click.ClickException:
    match refused:
        case OrganisationUnknown():
            return UnknownOrganisationError(scope)
        case HoldOver():
            return click.BadParameter("the day is in the past", param_hint="--until")
        case _:
            assert_never(refused)


def _patients(count: int) -> str:
    return "1 patient" if count == 1 else f"{count:,} patients"
