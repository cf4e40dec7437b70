"""The options that the bulk commands share."""

import os
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
from msgspec import convert

from adapters.client.answer_files import OutputForm
from adapters.client.client_authentication import KEY_ALGORITHMS
from adapters.client.service_calls import RemoteAddress
from adapters.private_urls import is_private
from domain.organisations import OrganisationId
from entrypoints.bulk_run import BulkRun
from entrypoints.commands.context import organisation_option
from entrypoints.commands.credentials import CLIENT_SECRET, METHODS, CredentialOptions
from entrypoints.environment import problems_of_http_clients

F = TypeVar("F", bound=Callable[..., Any])

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


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class BulkOptions(CredentialOptions, frozen=True, kw_only=True):
    """The options as given."""

    server: str
    organisation: OrganisationId
    identifiers: Path
    output: Path
    concurrency: int
    insecure: bool
    check: bool
    quiet: bool

    def run(self, environment: Mapping[str, str] = os.environ) -> BulkRun:
        """Give the run that the options describe. Raises click.UsageError."""
        if problems := problems_of_http_clients(environment):
            raise click.UsageError("\n".join(problems))
        form = _FORMS.get(self.output.suffix.lower())
        if form is None:
            raise click.UsageError(f"{self.output.name} ends neither in .csv nor in .ndjson")
        self._refuse_readable()
        address = RemoteAddress(self.server, str(self.organisation))
        return BulkRun(address, self.credentials(environment), self.output, form, self.concurrency)

    def _refuse_readable(self) -> None:
        for option, url in (("--server", self.server), ("--token-url", self.token_url)):
            if url is not None and not (self.insecure or is_private(url)):
                raise click.UsageError(
                    f"{option} is not https, so secrets could be read on their way. "
                    "Use https, or add --insecure."
                )


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--server",
        required=True,
        metavar="URL",
        type=HttpUrlType(),
        help="FHIR base address of the service, such as https://invitations.example.org/fhir .",
    ),
    organisation_option("The organisation to act for."),
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
    click.option(
        "--client-auth",
        type=click.Choice(METHODS),
        help="How the client authenticates: client_secret_basic, or private_key_jwt with --client-key-file.",
    ),
    click.option("--scope", default="", help="The scope to request."),
    click.option("--audience", default="", help="The audience to request, where the OAuth server wants it."),
    click.option(
        "--resource",
        metavar="URI",
        multiple=True,
        help="The resource to request, where the OAuth server wants it; may be repeated.",
    ),
    click.option("--client-secret-file", type=_FILE, help=f"Holds the secret, instead of {CLIENT_SECRET}."),
    click.option("--client-key-file", type=_FILE, help="The private key, in PEM or as a JSON Web Key."),
    click.option("--client-key-id", metavar="ID", help="The id (kid) under which the key is registered."),
    click.option(
        "--client-key-algorithm",
        type=click.Choice(KEY_ALGORITHMS),
        help="How to sign; by default as the JSON Web Key says, else RS384, or ES384 for a key on P-384.",
    ),
    click.option(
        "--concurrency",
        default=4,
        show_default=True,
        type=click.IntRange(1, 32),
        help="How many requests are in progress at once.",
    ),
    click.option("--insecure", is_flag=True, help="Accept addresses that are neither https nor loopback."),
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
