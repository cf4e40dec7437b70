"""The commands `generate` and `status`."""

import click

from adapters.addresses import is_private
from adapters.client.answer_files import status_columns, token_columns
from adapters.client.fhir_operation import read_invitations, read_statuses
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from domain.mailing.work_list import WorkPart
from entrypoints.bulk_run import BulkOperation
from entrypoints.commands.bulk import work_through
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
def generate(join_url: str, **options: object) -> None:
    """Invite the patients of a file through a service, 500 in a request.

    The identifiers are CSV with the header system,value or with that of `patients import` (the command uses
    the first number of each row), or NHS numbers, one per line. The answers have the columns
    system,value,code,token,expiry,join_url. OUTPUT.omitted.csv lists the patients who are not invited
    (system,value,reason).

    OUTPUT.state records the progress. After an interruption, run the same command again, and it continues.
    Access tokens come from --token-url, with the client secret in INVITATIONS_CLIENT_SECRET or
    --client-secret-file, or with --client-key-file. Or put an access token into INVITATIONS_ACCESS_TOKEN.
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
    work_through(given, operation)


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
