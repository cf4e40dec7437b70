"""The settings choose the source of the keys, and https if they say so."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.issuer import IssuerMetadata, configured_key_source
from adapters.oauth.key_sources import JwksFile, JwksUrl
from tests.integration.oauth.key_server import JWKS_PATH, KeyServer, running_key_server
from tests.integration.oauth.token_keys import key

OAUTH = "/.well-known/oauth-authorization-server"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a self-signed certificate of 127.0.0.1, with its key in the same file."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
    valid = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = valid.add_extension(address, critical=False).sign(private, hashes.SHA256())
    pem = serialization.Encoding.PEM
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path


@pytest.fixture
async def https_server(certificate: Path) -> AsyncIterator[KeyServer]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with running_key_server(tls) as server:
        server.publish(key().jwk())
        yield server


@pytest.fixture
def _trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.parametrize(
    ("jwks", "kind"),
    [
        ("", IssuerMetadata),
        ("http://127.0.0.1:9000/keys", JwksUrl),
        ("HTTPS://login.example/keys", JwksUrl),
        ("/etc/invitations/keys.json", JwksFile),
        ("keys.json", JwksFile),
    ],
)
def test_a_key_set_setting_is_a_url_or_a_file_and_replaces_discovery(jwks: str, kind: type) -> None:
    source = configured_key_source("https://login.example", jwks)

    assert type(source) is kind


async def test_a_key_set_setting_that_is_a_path_leads_to_that_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    await asyncio.to_thread(path.write_bytes, b"{}")

    document = await configured_key_source("https://login.example", str(path)).fetch()

    assert document == b"{}"


@pytest.mark.parametrize("jwks", ["http://", "https://login.example:99999/keys", "http://[::1"])
def test_a_malformed_key_set_url_is_refused_at_startup(jwks: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        configured_key_source("https://login.example", jwks)


@pytest.mark.usefixtures("_trusted")
async def test_keys_are_fetched_over_https_from_a_server_that_the_operator_trusts(
    https_server: KeyServer,
) -> None:
    https_server.answer(OAUTH, {"issuer": https_server.url, "jwks_uri": https_server.jwks_url})
    source = configured_key_source(https_server.url, "")

    document = await source.fetch()
    await source.aclose()

    assert document == https_server.answers[JWKS_PATH].body


async def test_keys_of_an_untrusted_server_are_refused(https_server: KeyServer) -> None:
    source = JwksUrl(https_server.jwks_url)

    with pytest.raises(IssuerUnavailable, match="ConnectError"):
        await source.fetch()
    await source.aclose()

    assert https_server.requests == []


@pytest.mark.usefixtures("_trusted")
async def test_an_https_issuer_cannot_lead_to_keys_without_https(
    https_server: KeyServer, key_server: KeyServer
) -> None:
    https_server.answer(OAUTH, {"issuer": https_server.url, "jwks_uri": key_server.jwks_url})
    source = IssuerMetadata(https_server.url)

    with pytest.raises(IssuerUnavailable, match="without https"):
        await source.fetch()
    await source.aclose()

    assert key_server.requests == []


async def test_a_connection_that_hangs_in_the_tls_handshake_is_closed(
    key_server: KeyServer,
) -> None:
    source = JwksUrl(f"https://{key_server.address}/keys")

    with pytest.raises(IssuerUnavailable, match="ConnectTimeout"):
        await source.fetch()
    await source.aclose()

    assert key_server.requests == []


async def test_unreadable_certificates_are_an_outage(
    key_server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")

    with pytest.raises(IssuerUnavailable, match="FileNotFoundError"):
        await JwksUrl(key_server.jwks_url).fetch()


async def test_one_connection_serves_several_fetches_and_closes_with_the_source(
    key_server: KeyServer,
) -> None:
    source = JwksUrl(key_server.jwks_url)

    documents = {await source.fetch(), await source.fetch()}
    await source.aclose()

    assert documents == {key_server.answers[JWKS_PATH].body}
    assert len(key_server.requests) == 2
