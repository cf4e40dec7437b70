"""The commands `generate` and `status`."""

from collections.abc import Sequence
from functools import partial

import click
from msgspec.structs import replace

from adapters.client.answer_files import (
    invitation_status_columns,
    read_open_invitations,
    status_columns,
    token_columns,
)
from adapters.client.fhir_operation import read_invitation_statuses, read_invitations, read_statuses
from adapters.fhir.invitation_operations import INVITATION_STATUS
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from adapters.private_urls import is_private
from domain.identifiers import PatientIdentifier
from domain.mailing.work_list import WorkPart
from entrypoints.bulk_run import BulkOperation, BulkRun
from entrypoints.commands.bulk import ask_beforehand, work_through
from entrypoints.commands.bulk_options import HttpUrlType, bulk_options, read_options

_NOT_INVITED = "not-invited"


@click.command()
@bulk_options
@click.option(
    "--join-url",
    required=True,
    metavar="URL",
    type=HttpUrlType(),
    help="The https address where patients register; the code (t1) and the token (t2) are added to it.",
)
@click.option(
    "--skip-pending",
    is_flag=True,
    help="Leave out patients who have an invitation that is pending or claimed.",
)
def generate(join_url: str, *, skip_pending: bool, **options: object) -> None:
    """Invite the patients of a file through a service, 500 in a request.

    The identifiers are CSV with the header system,value or with that of `patients import` (the command uses
    the first number of each row), or NHS numbers, one per line. The answers have the columns
    system,value,code,token,expiry,join_url. OUTPUT.omitted.csv lists the patients who are not invited
    (system,value,reason).

    OUTPUT.state records the progress. After an interruption, run the same command again, and it continues.
    Access tokens come from --token-url, with the client secret in INVITATIONS_CLIENT_SECRET or
    --client-secret-file, or with --client-key-file. Or put an access token into INVITATIONS_ACCESS_TOKEN.

    With --skip-pending, OUTPUT.pending.csv first gets the status of every patient's invitation
    (system,value,state,issued,expiry,pending). Those who have an open one are not invited again.
    """
    given = read_options(options)
    if not (given.insecure or is_private(join_url)):
        raise click.UsageError(
            "--join-url is not https, so codes and tokens could be read on their way. Use https, or add "
            "--insecure."
        )
    operation = BulkOperation(
        GENERATE_INVITATION_TOKENS,
        read_invitations,
        token_columns(join_url),
        _NOT_INVITED,
        "invited",
        {WorkPart.JOIN_URL: join_url},
    )
    work_through(given, operation, partial(_open_invitations, quiet=given.quiet) if skip_pending else None)


def _open_invitations(
    run: BulkRun, identifiers: Sequence[PatientIdentifier], *, quiet: bool
) -> frozenset[PatientIdentifier]:
    """Ask who has an open invitation. The answers stay, so that a run that continues leaves out the same."""
    output = run.output.with_name(f"{run.output.name}.pending.csv")
    columns = invitation_status_columns()
    operation = BulkOperation(INVITATION_STATUS, read_invitation_statuses, columns, _NOT_ANSWERED, "answered")
    ask_beforehand(replace(run, output=output, form="csv"), operation, identifiers, quiet=quiet)
    with output.open(encoding="utf-8", newline="") as lines:
        left_out = read_open_invitations(lines)
    click.echo(f"{len(left_out):,} patients have an open invitation: {output}", err=True)
    return left_out


_NOT_ANSWERED = "not-answered"


@click.command()
@bulk_options
def status(**options: object) -> None:
    """Query the status of the patients of a file through a service, 5,000 in a request.

    Options, identifiers, interruptions and access tokens are as for `generate`. The answers have the columns
    system,value,deceased,registered,date_of_birth,diagnostics.
    """
    operation = BulkOperation(STATUS_QUERY, read_statuses, status_columns(), _NOT_ANSWERED, "answered")
    work_through(read_options(options), operation)
