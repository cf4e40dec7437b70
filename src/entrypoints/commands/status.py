"""The command `status`."""

import click

from adapters.bulk_client.answer_lines import status_columns
from adapters.bulk_client.answers import read_statuses
from adapters.fhir.operations import STATUS_QUERY
from entrypoints.bulk_run import BulkOperation
from entrypoints.commands.bulk import work_through
from entrypoints.commands.bulk_options import bulk_options, read_options

_NOT_TOLD = "not-told"


@click.command()
@bulk_options
def status(**options: object) -> None:
    """Ask a service for the status of a file of patients, 5,000 in a request.

    Options, identifiers, interruptions and access tokens are as for `generate`. The answers have the columns
    system,value,deceased,registered,date_of_birth,diagnostics.
    """
    operation = BulkOperation(STATUS_QUERY, read_statuses, status_columns(), _NOT_TOLD)
    work_through(read_options(options), operation)
