"""Credentials that cannot be used are reported with the option that gives them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from msgspec import json

from tests.builders import HOSPITAL, an_nhs_number
from tests.integration.commands.shell import Outcome

FORM = ["--token-url", "https://login.test.invalid/token", "--client-id", "mail-house"]
KEYS = {
    "rsa.pem": RSAKey.generate_key(2048).as_pem(private=True),
    "public.pem": RSAKey.generate_key(2048).as_pem(private=False),
    "encrypted.pem": RSAKey.generate_key(2048).as_pem(private=True, password="secret"),
    "ed.pem": OKPKey.generate_key("Ed25519").as_pem(private=True),
    "public.jwk": json.encode(ECKey.generate_key("P-384").as_dict(private=False)),
    "oct.jwk": b'{"kty":"oct","k":"c2VjcmV0"}',
    "no.jwk": b'{"keys":[]}',
    "no.pem": b"secret",
}


@pytest.fixture
def generate(bare_command: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Make a runner of `generate`, for which nobody listens."""
    (tmp_path / "n.txt").write_text(f"{an_nhs_number(1)}\n")

    def run(*arguments: str, **settings: str) -> Outcome:
        return bare_command(
            "generate",
            *("--server", "http://127.0.0.1:9/fhir", "--organisation", str(HOSPITAL)),
            *("--join-url", "https://join.test.invalid/"),
            *("--identifiers", "n.txt", "--output", "t.csv", *arguments),
            settings=settings,
        )

    return run


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"\xff\xfes\x003\x00", "secret is UTF-16.", id="utf-16"),
        pytest.param(b"\xfe\xff\x00s\x003", "secret is UTF-16.", id="utf-16-big-endian"),
        pytest.param(b"s\x003\x00", "an invisible character", id="utf-16-without-mark"),
        pytest.param(
            b"\xef\xbb\xbfs3cret\r\n", "secret begins with a byte order mark.", id="byte-order-mark"
        ),
        pytest.param(b"s3\ncret\n", "an invisible character", id="line-end-inside"),
        pytest.param(b"s\xe9cret", "secret is not UTF-8.", id="windows-1252"),
        pytest.param(b"\r\n", "give --client-secret-file", id="empty"),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_named_with_its_option(
    generate: Callable[..., Outcome], tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "secret").write_bytes(content)

    outcome = generate(*FORM, "--client-secret-file", "secret")

    assert (outcome.code, len(outcome.error.splitlines())) == (2, 1)
    assert "--client-secret-file" in outcome.error
    assert said in outcome.error
    assert "s3" not in outcome.error


@pytest.mark.parametrize(
    ("name", "text", "arguments"),
    [
        ("INVITATIONS_ACCESS_TOKEN", "Zoë", []),
        ("INVITATIONS_ACCESS_TOKEN", "one\ntwo", []),
        ("INVITATIONS_CLIENT_SECRET", "one\ntwo", FORM),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    generate: Callable[..., Outcome], name: str, text: str, arguments: Sequence[str]
) -> None:
    outcome = generate(*arguments, **{name: text})

    assert (outcome.code, len(outcome.error.splitlines())) == (2, 1)
    assert name in outcome.error
    assert text not in outcome.error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--client-auth", "private_key_jwt"], "private_key_jwt needs --client-key-file"),
        (
            ["--client-auth", "client_secret_post", "--client-key-file", "rsa.pem"],
            "--client-key-file is for private_key_jwt, not for client_secret_post",
        ),
        (["--client-key-file", "public.pem"], "public.pem is neither a private key in PEM"),
        (["--client-key-file", "encrypted.pem"], "encrypted.pem is encrypted; decrypt it"),
        (["--client-key-file", "ed.pem"], "ed.pem has a key that is neither RSA nor EC"),
        (["--client-key-file", "public.jwk"], "public.jwk has a public key; the private one is needed"),
        (["--client-key-file", "oct.jwk"], "oct.jwk is not a JSON Web Key of RSA or EC"),
        (["--client-key-file", "no.jwk"], "no.jwk is not a JSON Web Key"),
        (["--client-key-file", "no.pem"], "no.pem is neither a private key in PEM nor a JSON Web Key"),
        (
            ["--client-key-file", "rsa.pem", "--client-key-algorithm", "ES384"],
            "rsa.pem has a key that cannot sign with ES384",
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_named(
    generate: Callable[..., Outcome], tmp_path: Path, arguments: Sequence[str], said: str
) -> None:
    for name, content in KEYS.items():
        (tmp_path / name).write_bytes(content)

    outcome = generate(*FORM, *arguments)

    assert (outcome.code, len(outcome.error.splitlines())) == (2, 1)
    assert said in outcome.error


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1", "ALL_PROXY "),
        ("SSL_CERT_FILE", "/nowhere.pem", "SSL_CERT_FILE does not name a file of certificates"),
    ],
)
def test_a_variable_that_the_http_library_cannot_use_is_named(
    generate: Callable[..., Outcome], tmp_path: Path, variable: str, value: str, said: str
) -> None:
    outcome = generate(INVITATIONS_ACCESS_TOKEN="T", **{variable: value})

    assert (outcome.code, len(outcome.error.splitlines())) == (2, 1)
    assert said in outcome.error
    assert not [*tmp_path.glob("t.csv*")]


@pytest.mark.parametrize(
    ("join_url", "arguments", "code"),
    [
        ("http://join.test.invalid/", [], 2),
        ("http://join.test.invalid/", ["--insecure"], 0),
        ("http://localhost:8080/join", [], 0),
        ("http://[::1]/join", [], 0),
    ],
)
def test_a_join_url_is_private(
    generate: Callable[..., Outcome], join_url: str, arguments: Sequence[str], code: int
) -> None:
    outcome = generate("--join-url", join_url, "--check", *arguments)

    assert outcome.code == code
    assert ("--join-url is not https" in outcome.error) is bool(code)
