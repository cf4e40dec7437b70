"""The commands that take what an organisation's file says of patients."""

from collections.abc import Callable
from pathlib import Path

import click
from msgspec.structs import replace

from application.administration.patients import StorePatientReports
from application.administration.record_command import CommandEntry
from domain.administration import Command
from domain.organisations import OrganisationId
from domain.results import failed
from entrypoints.commands.context import UnknownOrganisationError, organisation_option
from entrypoints.commands.patient_files import OpenedPatients, Tally, file_argument
from entrypoints.commands.recorded import operator_option, reason_option, run_recorded
from entrypoints.use_cases import Administration


@click.command(name="import")
@file_argument
@organisation_option("The organisation that reports the patients.")
@operator_option
def import_(file: Path, organisation: OrganisationId, operator: str) -> None:
    """Import the patients in FILE for an organisation.

    FILE is CSV (.csv) with the header

    \b
    nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered

    or FHIR Patients, one a line (.ndjson). Columns may be missing. An empty field says nothing, and
    changes nothing. A row adds to what is known: it never takes back a death, a registration or a date of
    birth. Rows that contradict what is known, or each other, are refused and change nothing at all.

    Rows that are bad or refused are reported with their line numbers and the others imported; the exit
    code is 1 if there were any. Importing a file again changes nothing.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with \b
    tally = _store(
        CommandEntry(Command.IMPORT_PATIENTS, operator, organisation),
        file,
        organisation,
        lambda use_cases: use_cases.import_patients(),
    )
    click.echo(
        f"Imported {tally.carried_out:,} of {tally.rows:,} rows; {tally.unchanged:,} said nothing new."
    )
    if tally.restricted:
        click.echo(f"On hold because their records are restricted: {tally.restricted:,}.")
    for line in tally.refusals():
        click.echo(line)
    tally.fail_if_incomplete("imported")


@click.command()
@file_argument
@organisation_option("The organisation that says so.")
@reason_option
@operator_option
def correct(file: Path, organisation: OrganisationId, reason: str, operator: str) -> None:
    """Replace what is known of patients by what FILE says.

    FILE is like that of `patients import`. Use this command when a file is right and what is known is
    wrong. `false` takes back a death or a registration, and `unknown` a date of birth. A number replaces
    the patient's number of the same system, and revokes the patient's open invitations. An empty field
    says nothing, and changes nothing.

    Each row must name one patient who is known. Rows that are bad or refused are reported with their line
    numbers, and the exit code is 1. Correcting a file again changes nothing.
    """
    tally = _store(
        CommandEntry(Command.CORRECT_PATIENTS, operator, organisation, reason=reason),
        file,
        organisation,
        lambda use_cases: use_cases.correct_patients(),
    )
    click.echo(
        f"Corrected {tally.carried_out:,} of {tally.rows:,} rows; {tally.unchanged:,} said nothing new."
    )
    for line in tally.refusals():
        click.echo(line)
    tally.fail_if_incomplete("corrected")


def _store(
    entry: CommandEntry,
    file: Path,
    organisation: OrganisationId,
    use_case: Callable[[Administration], StorePatientReports],
) -> Tally:
    with OpenedPatients(file) as opened:
        stored = run_recorded(
            replace(entry, file_digest=opened.digest),
            lambda container: use_case(container.administration())(
                organisation, opened.patients(container.system().clock().today()), opened.tally.imported
            ),
            lambda _done: opened.tally.report(),
        )
    if failed(stored):
        raise UnknownOrganisationError(organisation)
    return opened.tally
