"""Connections over TLS, with or without client certificates."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from msgspec import Struct

from tests.integration.commands.shell import Outcome
from tests.integration.grpc.support.client import PATIENCE_SECONDS, grpc_client
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.service import Service

CERTIFICATE = "INVITATIONS_GRPC_TLS_CERTIFICATE"
KEY = "INVITATIONS_GRPC_TLS_KEY"
CLIENT_CA = "INVITATIONS_GRPC_TLS_CLIENT_CA"


class Identity(Struct, frozen=True):
    """A certificate that vouches for itself, and its key, as PEM."""

    certificate: bytes
    key: bytes


def an_identity() -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Identity(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


SERVER, CLIENT, UNTRUSTED = an_identity(), an_identity(), an_identity()


def credentials_of(own: Identity | None) -> grpc.ChannelCredentials:
    """Give those of a client that trusts the server."""
    pair = (own.key, own.certificate) if own else (None, None)
    return grpc.ssl_channel_credentials(SERVER.certificate, *pair)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tls")
    (directory / "server.pem").write_bytes(SERVER.certificate)
    (directory / "server.key").write_bytes(SERVER.key)
    (directory / "client.pem").write_bytes(CLIENT.certificate)
    return directory


@pytest.fixture(scope="module", params=[False, True], ids=["tls", "mutual-tls"])
def private_service(
    lost_environment: Mapping[str, str], files: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Service, bool]]:
    """Run a service with TLS, and return whether its clients need a certificate."""
    settings = {CERTIFICATE: f"{files}/server.pem", KEY: f"{files}/server.key"}
    if request.param:
        settings[CLIENT_CA] = f"{files}/client.pem"
    with (
        serving_grpc({**lost_environment, **settings}, files / f"log-{request.param}") as running,
        grpc_client(running.grpc_port, credentials_of(CLIENT)),
    ):
        yield running, request.param


def answers(service: Service, own: Identity | None) -> bool:
    """Return whether the service answers a client with this identity."""
    with grpc_client(service.grpc_port, credentials_of(own), wait=False) as client:
        answer = client.check_health(HealthCheckRequest(), PATIENCE_SECONDS)
    return bool(answer.status == HealthCheckResponse.NOT_SERVING)


def test_a_client_with_a_certificate_is_answered(private_service: tuple[Service, bool]) -> None:
    service, _needs_certificate = private_service

    assert answers(service, CLIENT)


@pytest.mark.parametrize("own", [None, UNTRUSTED], ids=["none", "untrusted"])
def test_a_client_without_a_certificate_is_answered_only_if_none_is_required(
    private_service: tuple[Service, bool], own: Identity | None
) -> None:
    service, needs_certificate = private_service

    if needs_certificate:
        with pytest.raises(grpc.RpcError) as refused:
            answers(service, own)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
    else:
        assert answers(service, own)


def test_a_client_that_does_not_speak_tls_is_not_answered(private_service: tuple[Service, bool]) -> None:
    service, _needs_certificate = private_service

    with grpc_client(service.grpc_port, wait=False) as client, pytest.raises(grpc.RpcError) as refused:
        client.check_health(HealthCheckRequest(), PATIENCE_SECONDS)

    assert refused.value.code() == grpc.StatusCode.UNAVAILABLE


@pytest.fixture
def serve_with(
    files: Path, lost_environment: Mapping[str, str], bare_command: Callable[..., Outcome]
) -> Callable[..., Outcome]:
    """Make a runner of commands that serve, with some of the files."""

    def run(command: list[str], settings: Mapping[str, str]) -> Outcome:
        named = {name: f"{files / file}" for name, file in settings.items()}
        return bare_command(*command, settings={**lost_environment, **named})

    return run


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param({CERTIFICATE: "server.pem"}, f"{CERTIFICATE} and {KEY} are needed together", id="half"),
        pytest.param(
            {CLIENT_CA: "client.pem"}, f"{CERTIFICATE} and {KEY} are needed together", id="ca-alone"
        ),
        pytest.param(
            {CERTIFICATE: "missing.pem", KEY: "server.key"},
            f"{CERTIFICATE} and {KEY} are not the files of a certificate and its key",
            id="missing",
        ),
        pytest.param(
            {CERTIFICATE: "client.pem", KEY: "server.key"},
            f"{CERTIFICATE} and {KEY} are not the files of a certificate and its key",
            id="another-key",
        ),
        pytest.param(
            {CERTIFICATE: "server.pem", KEY: "server.key", CLIENT_CA: "server.key"},
            f"{CLIENT_CA} is not a file of certificates",
            id="no-ca",
        ),
    ],
)
@pytest.mark.parametrize(
    "command", [["serve", "--grpc-port", "50051"], ["serve-grpc"]], ids=lambda each: each[0]
)
def test_unusable_files_are_reported_in_one_line(
    serve_with: Callable[..., Outcome], command: list[str], settings: Mapping[str, str], problem: str
) -> None:
    outcome = serve_with(command, settings)

    assert outcome == Outcome(2, "", f"invitations: {problem}\n")
