"""Every command explains itself."""

from collections.abc import Iterator
from importlib.metadata import version

import click
import pytest
from click.testing import CliRunner

from entrypoints.cli import invitations

MENTIONED = {
    "": ["serve", "demo", "db", "organisations", "clients", "patients", "INVITATIONS_", "--version"],
    "serve": [
        "--host",
        "127.0.0.1",
        "--port",
        "8080",
        "--workers",
        "--forwarded-for PROXIES",
        "X-Forwarded-For",
        "INVITATIONS_ISSUER",
        "INVITATIONS_TOKEN_KEYS",
    ],
    "demo": ["--keep-running", "curl", "--sample DIRECTORY", "patients.csv", "environment"],
    "db": ["upgrade"],
    "db upgrade": ["schema"],
    "organisations": ["add", "disable", "enable", "list"],
    "organisations disable": ["UUID", "three seconds"],
    "organisations enable": ["UUID"],
    "organisations list": ["tabs"],
    "organisations add": ["UUID", "--name"],
    "clients": ["grant", "revoke", "list"],
    "clients grant": ["CLIENT_ID UUID", "--lifetime-days N"],
    "clients revoke": ["CLIENT_ID UUID"],
    "clients list": ["tab"],
    "patients": ["import"],
    "patients import": [
        "FILE",
        "--organisation UUID",
        ".csv",
        ".ndjson",
        "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered",
        "line numbers",
    ],
    "generate": [
        *("--server", "--organisation UUID", "--identifiers", "--output", "--token-url", "--client-id"),
        *("--client-secret-file", "INVITATIONS_CLIENT_SECRET", "INVITATIONS_ACCESS_TOKEN", "--join-url"),
        *("--concurrency", "--check", "--quiet", "--scope", "--client-auth", "--client-key-file"),
        *("--client-key-id", "--client-key-algorithm", "--audience", "--resource", "--insecure"),
        "system,value,code,token,expiry,join_url",
        "OUTPUT.omitted.csv",
        "OUTPUT.state",
        "--skip-pending",
        "OUTPUT.pending.csv",
    ],
    "revoke": [
        *("--tokens FILE", "--batch ID", "--reason", "--server", "--organisation UUID", "--client-id"),
        *("misprinted", "FILE.state"),
    ],
    "statistics": ["--organisation UUID", "--by", "--json", "median"],
    "purge": ["--expired-before DATE", "--redeemed-before DATE"],
    "letters": [
        *("--tokens", "--patients", "--template", "--output", "--show-template"),
        *("--organisation-name", "--contact"),
        "nhs_number,chi_number,health_and_care_number",
        "name,address_1,address_2,address_3,address_4,address_5,postcode",
        "line number",
    ],
    "status": ["5,000", "system,value,deceased,registered,date_of_birth,diagnostics"],
}


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", MENTIONED)
def test_help_names_the_important_things(command: str, option: str) -> None:
    result = CliRunner().invoke(invitations, [*command.split(), option])

    words = " ".join(result.output.split())
    assert (result.exit_code, result.exception) == (0, None)
    assert [mentioned for mentioned in MENTIONED[command] if mentioned not in words] == [], result.output


def _all(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member
            yield from _all(member, (*path, name))


@pytest.mark.parametrize("command", [*_all(invitations)], ids=" ".join)
def test_the_help_of_every_command_is_a_sentence(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(invitations, [*command, "--help"])

    sentence = result.output.splitlines()[2].strip()
    assert sentence[0].isupper()
    assert len(sentence.split()) > 2


@pytest.mark.parametrize("name", invitations.list_commands(click.Context(invitations)))
def test_the_list_of_commands_has_the_first_line_of_each_help(name: str) -> None:
    context = click.Context(invitations, terminal_width=200)
    command = invitations.get_command(context, name)
    assert command

    listed = [line.split(maxsplit=1) for line in invitations.get_help(context).splitlines() if line]

    assert [name, command.get_short_help_str(150)] in listed


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(invitations, ["--version"])

    assert (result.exit_code, result.output) == (0, f"invitations, version {version('invitation-tokens')}\n")
