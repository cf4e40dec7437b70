"""The commands that look at, or take apart, the record of one patient."""

import click

from adapters.csv.rows import NUMBER_COLUMNS, BadLineError, read_pair
from application.administration.record_command import CommandEntry, CommandReport
from domain.administration import Command
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.results import failed
from entrypoints.commands.recorded import operator_option, reason_option, run_recorded
from entrypoints.commands.shown_patient import shown_lines


class SystemType(click.ParamType[IdentifierSystem]):
    """An identifier system on the command line: the name of its column, or its URI."""

    name = "system"

    def convert(
        self, value: str | IdentifierSystem, param: click.Parameter | None, ctx: click.Context | None
    ) -> IdentifierSystem:
        """Read a name or a URI."""
        named = NUMBER_COLUMNS.get(str(value).lower().replace("-", "_"), str(value))
        if named not in {*IdentifierSystem}:
            self.fail(f"the system is one of {', '.join(NUMBER_COLUMNS)}, or its URI", param, ctx)
        return IdentifierSystem(named)


_system_argument = click.argument("system", type=SystemType())
_value_argument = click.argument("value")


@click.command()
@_system_argument
@_value_argument
@reason_option
@operator_option
def unlink(system: IdentifierSystem, value: str, reason: str, operator: str) -> None:
    """Take an identifier off the patient who has it.

    SYSTEM is nhs_number, chi_number or health_and_care_number. Use this command when the number belongs to
    another person. The patient's open invitations are revoked at once. The number then names no patient.
    Import it again for the right patient.
    """
    identifier = _identifier(system, value)
    unlinked = run_recorded(
        CommandEntry(Command.UNLINK_IDENTIFIER, operator, reason=reason),
        lambda container: container.administration().unlink_identifier()(identifier),
        lambda patient: CommandReport(patients=(patient,)),
    )
    if failed(unlinked):
        click.echo("No patient has this number. Nothing was changed.")
    else:
        click.echo(f"Took the number off patient {unlinked.unwrap()}.")


@click.command()
@_system_argument
@_value_argument
@operator_option
def show(system: IdentifierSystem, value: str, operator: str) -> None:
    """Show all that is known of the patient who has an identifier.

    SYSTEM is nhs_number, chi_number or health_and_care_number. The command prints each value, since when it
    is known and by whose report, the holds, and the invitations with their states. It prints no code.
    """
    identifier = _identifier(system, value)
    shown = run_recorded(
        CommandEntry(Command.SHOW_PATIENT, operator),
        lambda container: container.administration().show_patient()(identifier),
        lambda shown: CommandReport(patients=(shown.record.patient.id,)),
    )
    if failed(shown):
        raise click.ClickException("no patient has this number")
    for line in shown_lines(shown.unwrap()):
        click.echo(line)


def _identifier(system: IdentifierSystem, value: str) -> PatientIdentifier:
    try:
        return read_pair(system.value, value)
    except BadLineError as error:
        raise click.BadParameter(str(error), param_hint="VALUE") from None
