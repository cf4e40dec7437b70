"""The bulk client takes secrets as editors and shells write them, and names the option where it cannot."""

from pathlib import Path
from uuid import UUID

import click
import pytest

from adapters.client.access_tokens import ClientCredentials, ReadyAccessToken
from domain.organisations import OrganisationId
from entrypoints.commands.bulk_options import BulkOptions

SECRET = "s3cret"


def options(
    secret_file: Path | None = None, *, token_url: str | None = "https://login.example/token"
) -> BulkOptions:
    return BulkOptions(
        server="https://invitations.example/fhir",
        organisation=OrganisationId(UUID("235a397b-1ae8-4755-9c77-1a0e2fbc5314")),
        identifiers=Path("numbers.csv"),
        output=Path("tokens.csv"),
        token_url=token_url,
        client_id=None if token_url is None else "mail-house",
        scope="",
        client_secret_file=secret_file,
        concurrency=1,
        check=False,
        quiet=True,
    )


def refusal_of(options: BulkOptions, **environment: str) -> str:
    with pytest.raises(click.UsageError) as refusal:
        options.run(environment)
    return refusal.value.message


@pytest.mark.parametrize(
    "content",
    [b"s3cret\n", b"s3cret\r\n", b"\xef\xbb\xbfs3cret", "s3cret\r\n".encode("utf-16")],
    ids=["line", "windows-line", "byte-order-mark", "utf-16"],
)
def test_a_secret_is_read_however_its_file_is_encoded(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)

    credentials = options(tmp_path / "secret").run({}).credentials

    assert isinstance(credentials, ClientCredentials)
    assert credentials.secret == SECRET


@pytest.mark.parametrize(
    "content",
    [
        b"s3\xff",
        "s3cret".encode("utf-16-le"),
        b"s3\ncret",
        "s3cr\N{LATIN SMALL LETTER E WITH ACUTE}t".encode(),
    ],
    ids=["latin-1", "utf-16-without-mark", "two-lines", "accent"],
)
def test_a_secret_that_cannot_be_one_names_the_option(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)

    assert refusal_of(options(tmp_path / "secret")).startswith("--client-secret-file ")


@pytest.mark.parametrize("secret", ["s3\ncret", "s3cr\N{LATIN SMALL LETTER E WITH ACUTE}t"])
def test_a_secret_that_cannot_be_one_names_the_variable(secret: str) -> None:
    assert refusal_of(options(), INVITATIONS_CLIENT_SECRET=secret).startswith("INVITATIONS_CLIENT_SECRET ")


@pytest.mark.parametrize("token", ["to\nken", "tok\N{LATIN SMALL LETTER E WITH ACUTE}n", "to ken", "=token"])
def test_an_access_token_that_cannot_be_one_names_the_variable(token: str) -> None:
    refusal = refusal_of(options(token_url=None), INVITATIONS_ACCESS_TOKEN=token)

    assert refusal.startswith("INVITATIONS_ACCESS_TOKEN ")


def test_an_access_token_may_have_space_around_it() -> None:
    credentials = options(token_url=None).run({"INVITATIONS_ACCESS_TOKEN": " a.b-c_~+/==\n"}).credentials

    assert isinstance(credentials, ReadyAccessToken)


def test_a_proxy_that_cannot_be_used_names_its_variable() -> None:
    refusal = refusal_of(options(), INVITATIONS_CLIENT_SECRET=SECRET, ALL_PROXY="socks5://127.0.0.1:1080")

    assert refusal.startswith("ALL_PROXY ")
