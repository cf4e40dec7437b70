"""The bulk client gets its access tokens from a certified OAuth server, by each way to authenticate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey
from msgspec import json
from msgspec.structs import replace

from tests.integration.authorisation_server.arrangement import JWT, service_trusting
from tests.integration.commands.shell import Outcome
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, SCOPE
from tests.integration.http.support.people import ADULT, HOSPITAL
from tests.integration.node.oauth_server import OAuthServer, running_oauth_server
from tests.integration.service import Service

pytestmark = pytest.mark.full

SECRET = "Xanthippe: 100% +/&="
RSA, EC = RSAKey.generate_key(2048), ECKey.generate_key("P-384")


def _with_key(key: RSAKey | ECKey, algorithm: str) -> Mapping[str, object]:
    public = {**key.as_dict(private=False), "kid": "the-key", "alg": algorithm, "use": "sig"}
    return {
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": algorithm,
        "jwks": {"keys": [public]},
    }


REGISTERED: Mapping[str, Mapping[str, object]] = {
    "basic": {"client_secret": SECRET, "token_endpoint_auth_method": "client_secret_basic"},
    "post": {"client_secret": SECRET, "token_endpoint_auth_method": "client_secret_post"},
    "RS384": _with_key(RSA, "RS384"),
    "RS512": _with_key(RSA, "RS512"),
    "ES384": _with_key(EC, "ES384"),
}


@pytest.fixture(params=list(REGISTERED))
def method(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def oauth_server(method: str, tmp_path: Path) -> Iterator[OAuthServer]:
    settings = replace(JWT, clients={CLIENT_ID: REGISTERED[method]})
    with running_oauth_server(settings, tmp_path / "oauth.log") as running:
        yield running


@pytest.fixture
def service(oauth_server: OAuthServer, peopled_database_url: str, tmp_path: Path) -> Iterator[Service]:
    with service_trusting(oauth_server.issuer, peopled_database_url, tmp_path / "log", {}) as running:
        yield running


def _credentials(method: str, directory: Path) -> Sequence[str]:
    (directory / "secret").write_text(f"{SECRET}\n")
    (directory / "rsa.pem").write_bytes(RSA.as_pem(private=True))
    jwk = {**EC.as_dict(private=True), "kid": "the-key", "alg": "ES384"}
    (directory / "ec.jwk").write_bytes(json.encode(jwk))
    rsa = ["--client-auth", "private_key_jwt", "--client-key-file", "rsa.pem", "--client-key-id", "the-key"]
    return {
        "basic": ["--client-secret-file", "secret"],
        "post": ["--client-auth", "client_secret_post", "--client-secret-file", "secret"],
        "RS384": rsa,
        "RS512": [*rsa, "--client-key-algorithm", "RS512"],
        "ES384": ["--client-key-file", "ec.jwk"],
    }[method]


def test_a_patient_is_invited_with_a_token_of_the_server(
    method: str,
    oauth_server: OAuthServer,
    service: Service,
    bare_command: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    (tmp_path / "numbers.csv").write_text(f"system,value\n{ADULT.system},{ADULT.value}\n")

    outcome = bare_command(
        "generate",
        *("--server", f"{service.url}/fhir", "--organisation", str(HOSPITAL)),
        *("--join-url", "https://join.test.invalid/"),
        *("--token-url", f"{oauth_server.issuer}/token", "--client-id", CLIENT_ID),
        *("--scope", SCOPE, "--resource", AUDIENCE),
        *_credentials(method, tmp_path),
        *("--identifiers", "numbers.csv", "--output", "tokens.csv", "--quiet"),
    )

    assert outcome.code == 0, outcome.error
    assert "1 invited" in outcome.output
    assert ADULT.value in (tmp_path / "tokens.csv").read_text()
