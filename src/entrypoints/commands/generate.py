"""The command `generate`."""

import click

from adapters.bulk_client.answer_lines import token_columns
from adapters.bulk_client.answers import read_invitations
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from entrypoints.bulk_run import BulkOperation
from entrypoints.commands.bulk import work_through
from entrypoints.commands.bulk_options import HttpUrlType, bulk_options, read_options

_NOT_INVITED = "not-invited"


@click.command()
@bulk_options
@click.option(
    "--join-url",
    default="http://joinpkb.com/",
    show_default=True,
    metavar="URL",
    type=HttpUrlType(),
    help="Where patients register; t1 and t2 are added to it.",
)
def generate(join_url: str, **options: object) -> None:
    """Invite a file of patients through a service, 500 in a request.

    The identifiers are CSV with the header system,value or with that of `patients import` (the first number
    of a row counts), or NHS numbers, one a line. The answers have the columns
    system,value,code,token,expiry,join_url; whoever is not invited goes to OUTPUT.omitted.csv
    (system,value,reason).

    Nothing is lost when the command is interrupted: the same command goes on where it was. What it needs for
    that is in OUTPUT.state. Access tokens come from --token-url, with the client secret in
    INVITATIONS_CLIENT_SECRET or --client-secret-file; or there is one in INVITATIONS_ACCESS_TOKEN.
    """
    columns = token_columns(join_url)
    operation = BulkOperation(GENERATE_INVITATION_TOKENS, read_invitations, columns, _NOT_INVITED)
    work_through(read_options(options), operation)
