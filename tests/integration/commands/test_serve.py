"""A service that cannot start prints one line with the reason."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.commands.shell import Outcome, invitations
from tests.integration.service import free_port

KEY = "k:" + "a" * 43 + "="


NEEDED = {"INVITATIONS_ISSUER": "https://login.example", "INVITATIONS_TOKEN_KEYS": KEY}


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as listener:
        port = listener.getsockname()[1]

        outcome = invitations(tmp_path, "serve", "--port", str(port), settings=NEEDED)

    sentence = f"cannot listen on 127.0.0.1, port {port}: Address already in use"
    assert outcome == Outcome(1, "", f"invitations: {sentence}\n")


@pytest.mark.parametrize("proxies", ["all", "10.0.0.0/8,", "100", "-1"])
def test_proxies_are_a_number_or_addresses(bare_command: Callable[..., Outcome], proxies: str) -> None:
    outcome = bare_command("serve", f"--forwarded-for={proxies}", settings=NEEDED)

    assert outcome.code == 2
    assert f"{proxies!r} is neither a number of proxies nor their addresses." in outcome.error


def test_an_address_may_have_the_brackets_of_a_url(tmp_path: Path) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]

        outcome = invitations(tmp_path, "serve", "--host", "[::1]", "--port", str(port), settings=NEEDED)

    assert (outcome.code, outcome.error.rpartition(": ")[2]) == (1, "Address already in use\n")


@pytest.mark.parametrize(("command", "other"), [("serve", "--grpc-port"), ("serve-grpc", "--metrics-port")])
def test_one_port_for_two_servers_is_refused(
    bare_command: Callable[..., Outcome], command: str, other: str
) -> None:
    outcome = bare_command(command, "--port", "8080", other, "8080", settings=NEEDED)

    assert outcome == Outcome(2, "", f"invitations: --port and {other} are the same. Choose another one.\n")


@pytest.mark.parametrize("command", [("serve", "--grpc-port"), ("serve-grpc", "--port")], ids=" ".join)
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_grpc_without_tls_is_refused_off_the_machine(
    bare_command: Callable[..., Outcome], command: tuple[str, str], host: str
) -> None:
    outcome = bare_command(*command, f"{free_port()}", "--host", host, settings=NEEDED)

    assert outcome == Outcome(
        2,
        "",
        f"invitations: Callers of gRPC on {host} would send access tokens in clear. "
        "Set INVITATIONS_GRPC_TLS_CERTIFICATE and INVITATIONS_GRPC_TLS_KEY, "
        "or add --grpc-plaintext if a proxy or service mesh encrypts.\n",
    )


def test_grpc_without_tls_is_served_off_the_machine_where_a_proxy_is_said_to_encrypt(
    bare_command: Callable[..., Outcome],
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        taken = f"{listener.getsockname()[1]}"
        arguments = ("--host", "0.0.0.0", "--grpc-plaintext", "--metrics-port", taken)

        outcome = bare_command("serve-grpc", "--port", f"{free_port()}", *arguments, settings=NEEDED)

    # the next thing that could be wrong
    assert outcome == Outcome(
        1, "", f"invitations: cannot listen on 0.0.0.0, port {taken}: Address already in use\n"
    )


@pytest.mark.parametrize("command", ["serve", "serve-grpc"])
def test_the_settings_are_checked_where_a_proxy_is_said_to_encrypt(
    bare_command: Callable[..., Outcome], command: str
) -> None:
    outcome = bare_command(command, "--port", f"{free_port()}", "--grpc-plaintext", settings={})

    missing = ["INVITATIONS_ISSUER is required", "INVITATIONS_TOKEN_KEYS is required"]
    assert outcome == Outcome(2, "", "".join(f"invitations: {each}\n" for each in missing))


def test_an_unknown_host_is_refused(bare_command: Callable[..., Outcome]) -> None:
    outcome = bare_command("serve", "--host", "nowhere.invalid", settings=NEEDED)

    assert (outcome.code, len(outcome.error.splitlines())) == (1, 1)
    assert outcome.error.startswith("invitations: cannot listen on nowhere.invalid, port 8080: ")


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param(
            {"INVITATIONS_JWKS": "nowhere.json"}, "INVITATIONS_JWKS is neither a URL nor a file", id="no-file"
        ),
        pytest.param(
            {"INVITATIONS_JWKS": '{"keys":[]}' * 500},
            "INVITATIONS_JWKS is neither a URL nor a file",
            id="keys-in-place-of-their-file",
        ),
        pytest.param(
            {"NO_PROXY": "fd00::/200"},
            "NO_PROXY has an entry that is neither a host nor a network",
            id="no-proxy",
        ),
        pytest.param(
            {"INVITATIONS_DATABASE_URL": "postgresql+asyncpg://u@127.0.0.1/inv?pgbouncer=true"},
            "INVITATIONS_DATABASE_URL has the parameter pgbouncer, which the service does not take",
            id="database-parameter",
        ),
        pytest.param({"INVITATIONS_ISUER": "x"}, "INVITATIONS_ISUER is not a setting", id="misspelt"),
        pytest.param(
            {"INVITATIONS_JWKS": "https://127.0.0.1:999999/x"},
            "INVITATIONS_JWKS is not an absolute http or https URL",
            id="no-port",
        ),
        pytest.param(
            {"INVITATIONS_ISSUER": "https://login.example?realm=1"},
            "INVITATIONS_ISSUER has a query or a fragment, which an issuer must not have",
            id="query",
        ),
    ],
)
def test_impossible_settings_are_refused(
    bare_command: Callable[..., Outcome], settings: dict[str, str], problem: str
) -> None:
    outcome = bare_command("serve", settings={**NEEDED, **settings})

    assert outcome == Outcome(2, "", f"invitations: {problem}\n")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("invitations.db", id="path"),
        pytest.param("file:invitations.db?uri=true", id="uri"),
    ],
)
def test_a_new_database_file_is_its_owners_alone(
    bare_command: Callable[..., Outcome], tmp_path: Path, name: str
) -> None:
    settings = {"INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{name}"}

    bare_command("db", "upgrade", settings=settings)

    assert (tmp_path / "invitations.db").stat().st_mode & 0o777 == 0o600
