"""The options that the bulk commands share."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
from msgspec import Struct, convert

from adapters.client.access_tokens import ClientCredentials, ReadyAccessToken
from adapters.client.answer_files import OutputForm
from adapters.client.fhir_operation import RemoteAddress
from domain.organisations import OrganisationId
from entrypoints.bulk_run import BulkRun
from entrypoints.commands.context import OrganisationIdType

F = TypeVar("F", bound=Callable[..., Any])

ACCESS_TOKEN = "INVITATIONS_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
CLIENT_SECRET = "INVITATIONS_CLIENT_SECRET"  # noqa: S105 - the name of a variable
_FORMS: Mapping[str, OutputForm] = {".csv": "csv", ".ndjson": "ndjson"}


class HttpUrlType(click.ParamType[str]):
    """A URL on the command line."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept an absolute http or https URL without user information."""
        try:
            url = httpx.URL(value)
        except httpx.InvalidURL:
            self.fail("not a URL", param, ctx)
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
            self.fail("not an http or https URL, or one with a password in it", param, ctx)
        return value


class BulkOptions(Struct, frozen=True):
    """The options as given."""

    server: str
    organisation: OrganisationId
    identifiers: Path
    output: Path
    token_url: str | None
    client_id: str | None
    scope: str
    client_secret_file: Path | None
    concurrency: int
    check: bool
    quiet: bool

    def run(self, environment: Mapping[str, str] = os.environ) -> BulkRun:
        """Give the run that the options describe. Raises click.UsageError."""
        form = _FORMS.get(self.output.suffix.lower())
        if form is None:
            raise click.UsageError(f"{self.output.name} ends neither in .csv nor in .ndjson")
        address = RemoteAddress(self.server, str(self.organisation))
        return BulkRun(address, self._credentials(environment), self.output, form, self.concurrency)

    def _credentials(self, environment: Mapping[str, str]) -> ClientCredentials | ReadyAccessToken:
        token = environment.get(ACCESS_TOKEN, "").strip()
        if self.token_url is None and self.client_id is None and token:
            return ReadyAccessToken(token)
        if self.token_url is None or self.client_id is None:
            raise click.UsageError(f"give --token-url and --client-id, or set {ACCESS_TOKEN}")
        secret = environment.get(CLIENT_SECRET, "")
        if self.client_secret_file is not None:
            secret = self.client_secret_file.read_text(encoding="utf-8").removesuffix("\n")
        if not secret:
            raise click.UsageError(f"set {CLIENT_SECRET}, or give --client-secret-file")
        return ClientCredentials(self.token_url, self.client_id, secret, self.scope)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--server",
        required=True,
        metavar="URL",
        type=HttpUrlType(),
        help="FHIR base address of the service, such as https://invitations.example.org/fhir .",
    ),
    click.option(
        "--organisation",
        required=True,
        metavar="UUID",
        type=OrganisationIdType(),
        help="The organisation to act for.",
    ),
    click.option(
        "--identifiers",
        required=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
        help="The file of identifiers; - is standard input, which is read to its end first.",
    ),
    click.option(
        "--output",
        required=True,
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The file for the answers: .csv or .ndjson.",
    ),
    click.option("--token-url", metavar="URL", type=HttpUrlType(), help="The OAuth token endpoint."),
    click.option("--client-id", metavar="ID", help="The OAuth client."),
    click.option("--scope", default="", help="The scope to request."),
    click.option("--client-secret-file", type=_FILE, help=f"Holds the secret, instead of {CLIENT_SECRET}."),
    click.option(
        "--concurrency",
        default=4,
        show_default=True,
        type=click.IntRange(1, 32),
        help="How many requests are in progress at once.",
    ),
    click.option("--check", is_flag=True, help="Report repeated and bad lines, and send nothing."),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)


def bulk_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_options(given: Mapping[str, object]) -> BulkOptions:
    """Read the options that a command got."""
    return convert(given, BulkOptions)


_OF_LISTS = ("identifiers", "output", "concurrency", "check", "quiet")


def without_list(command: click.Command) -> click.Command:
    """Take the options away that a command without a list of patients does not have."""
    command.params = [each for each in command.params if each.name not in _OF_LISTS]
    return command


def read_options_without_list(given: Mapping[str, object]) -> BulkOptions:
    """Read the options of a command without a list of patients; the others have no meaning."""
    unused = {
        "identifiers": Path(),
        "output": Path("none.csv"),
        "concurrency": 1,
        "check": False,
        "quiet": False,
    }
    return convert({**given, **unused}, BulkOptions)
