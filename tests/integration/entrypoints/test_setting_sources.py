"""A setting comes from its variable, or from the file that a second variable names."""

from pathlib import Path

import pytest

from entrypoints.settings import Settings, read_settings
from tests.integration.entrypoints.a_setup import KEY, REQUIRED, problems_of, settings_of

SECRET = "INVITATIONS_INTROSPECTION_CLIENT_SECRET"
QUOTED = "is in quotation marks, which are part of its text. Leave them out."
BLANK = "begins or ends with a blank. Leave it out."
NOT_READ = f"{SECRET} cannot be read from the file that {SECRET}_FILE names"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Xanthippe"


def test_every_setting_can_stand_in_a_file(tmp_path: Path) -> None:
    valid = {
        **REQUIRED,
        "INVITATIONS_DATABASE_URL": "postgresql+asyncpg://app:secret@db.example/x",
        "INVITATIONS_BASE_URL": "https://invitations.example/fhir",
        "INVITATIONS_JWKS": "/etc/keys.json",
        "INVITATIONS_INTROSPECTION_URL": "https://login.example/introspect",
        "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
        SECRET: "secret",
        "INVITATIONS_REQUIRE_AT_JWT": "true",
        "INVITATIONS_AUDIENCE": "urn:invitations",
        "INVITATIONS_GENERATE_SCOPE": "invite",
        "INVITATIONS_STATUS_SCOPE": "query",
        "INVITATIONS_INVITATION_STATUS_SCOPE": "look",
        "INVITATIONS_REVOKE_SCOPE": "revoke",
        "INVITATIONS_REDEEM_SCOPE": "redeem",
        "INVITATIONS_CLIENT_CLAIMS": "client_id",
        "INVITATIONS_SCOPE_CLAIMS": "scope",
        "INVITATIONS_TOKEN_LIFETIME_DAYS": "365",
        "INVITATIONS_IDEMPOTENCY_KEY_HOURS": "48",
        "INVITATIONS_MINIMUM_AGE": "18",
        "INVITATIONS_MAX_BODY_BYTES": "1",
        "INVITATIONS_MAX_CONCURRENT_REQUESTS": "1",
        "INVITATIONS_MAX_REQUESTS_PER_MINUTE": "60",
        "INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE": "5000",
        "INVITATIONS_GRPC_TLS_CERTIFICATE": "/etc/server.pem",
        "INVITATIONS_GRPC_TLS_KEY": "/etc/server.key",
        "INVITATIONS_GRPC_TLS_CLIENT_CA": "/etc/clients.pem",
        "INVITATIONS_LOG_LEVEL": "debug",
        "INVITATIONS_PORTAL_URL": "https://portal.example/register",
        "INVITATIONS_TRACING": "true",
    }
    in_files = {}
    for variable, text in valid.items():
        (tmp_path / variable).write_text(f"{text}\n")
        in_files[f"{variable}_FILE"] = str(tmp_path / variable)

    settings = read_settings(in_files, to_serve=True)

    assert {variable.removeprefix("INVITATIONS_").lower() for variable in valid} == {
        *Settings.__struct_fields__
    }
    assert settings == read_settings(valid, to_serve=True)


@pytest.mark.parametrize(
    ("content", "audience"),
    [
        pytest.param(b"urn:x", "urn:x", id="no-line-end"),
        pytest.param(b"urn:x\n", "urn:x", id="line-end"),
        pytest.param(b"urn:x\r\n", "urn:x", id="line-end-of-windows"),
        pytest.param(b"urn:x\n\n", "urn:x\n", id="two-line-ends"),
        pytest.param(b" urn:x ", " urn:x ", id="spaces"),
        pytest.param(b"", "http://127.0.0.1:8080/fhir", id="empty"),
        pytest.param(b"\n", "http://127.0.0.1:8080/fhir", id="line-end-alone"),
    ],
)
def test_a_file_holds_the_text_and_at_most_a_line_end(file: Path, content: bytes, audience: str) -> None:
    file.write_bytes(content)

    settings = settings_of({"INVITATIONS_AUDIENCE_FILE": str(file)})

    assert settings.audience == audience


def test_an_empty_file_says_that_no_scope_is_needed(file: Path) -> None:
    file.write_bytes(b"\n")

    settings = settings_of({"INVITATIONS_GENERATE_SCOPE_FILE": str(file)})

    assert settings.generate_scope == ""


def test_a_setting_in_a_variable_and_a_file_is_refused(file: Path) -> None:
    file.write_text(f"key:{KEY}")

    problems = problems_of({"INVITATIONS_TOKEN_KEYS_FILE": str(file)})

    assert problems == ("INVITATIONS_TOKEN_KEYS and INVITATIONS_TOKEN_KEYS_FILE are both set",)


@pytest.mark.parametrize(
    "environment",
    [
        {"INVITATIONS_AUDIENCE": "urn:x", "INVITATIONS_AUDIENCE_FILE": ""},
        {"INVITATIONS_AUDIENCE": "", "INVITATIONS_AUDIENCE_FILE": "the file"},
    ],
    ids=["file", "variable"],
)
def test_an_empty_variable_is_not_set(file: Path, environment: dict[str, str]) -> None:
    file.write_text("urn:x")

    settings = settings_of(
        {name: text and text.replace("the file", str(file)) for name, text in environment.items()}
    )

    assert settings.audience == "urn:x"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_variable_holds_the_text_and_at_most_a_line_end(line_end: str) -> None:
    settings = settings_of({"INVITATIONS_AUDIENCE": f"urn:x{line_end}"})

    assert settings.audience == "urn:x"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('"urn:x"', QUOTED, id="quotation-marks"),
        pytest.param("'urn:x'\r", QUOTED, id="apostrophes-and-line-end"),
        pytest.param('""', QUOTED, id="quotation-marks-alone"),
        pytest.param(" urn:x", BLANK, id="blank-in-front"),
        pytest.param("urn:x\t", BLANK, id="tab-at-the-end"),
    ],
)
def test_what_a_file_of_variables_adds_to_a_variable_is_refused(text: str, problem: str) -> None:
    assert problems_of({"INVITATIONS_AUDIENCE": text}) == (f"INVITATIONS_AUDIENCE {problem}",)


def test_a_file_may_hold_what_a_variable_may_not(file: Path) -> None:
    file.write_text(' "urn:x" ')

    assert settings_of({"INVITATIONS_AUDIENCE_FILE": str(file)}).audience == ' "urn:x" '


def test_a_missing_file_is_reported_without_its_path(file: Path) -> None:
    assert problems_of({f"{SECRET}_FILE": str(file)})[0] == f"{NOT_READ}: No such file or directory"


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert problems_of({f"{SECRET}_FILE": str(tmp_path)})[0] == f"{NOT_READ}: Is a directory"


def test_a_binary_file_is_reported_without_its_content(file: Path) -> None:
    file.write_bytes(b"Xanthippe\xff")

    assert problems_of({f"{SECRET}_FILE": str(file)})[0] == f"{NOT_READ}: it is not text in UTF-8"


def test_a_device_without_an_end_is_refused() -> None:
    assert problems_of({f"{SECRET}_FILE": "/dev/zero"})[0] == f"{NOT_READ}: it is larger than 1 MiB"


def test_a_wrong_value_in_a_file_is_reported_like_one_in_a_variable(file: Path) -> None:
    file.write_text("loud")

    problems = problems_of({"INVITATIONS_LOG_LEVEL_FILE": str(file)})

    assert problems == ("INVITATIONS_LOG_LEVEL is not one of: debug, info, warning, error",)


@pytest.mark.parametrize(
    "variable",
    [
        "INVITATIONS_ISUER",
        "INVITATIONS_LOGLEVEL",
        "INVITATIONS_",
        "INVITATIONS_LOG_LEVEL_FILE_FILE",
        "INVITATIONS_log_level",
        "INVITATIONS_SERVICE",
        "INVITATIONS_SERVICE_PORT",
        "INVITATIONS_PORT",
    ],
)
@pytest.mark.parametrize("to_serve", [False, True], ids=["command", "serve"])
def test_an_unknown_variable_is_named(variable: str, *, to_serve: bool) -> None:
    wrong = read_settings({**REQUIRED, variable: "Xanthippe"}, to_serve=to_serve).failure()

    assert wrong.problems == (f"{variable} is not a setting",)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        pytest.param("INVITATIONS_CLIENT_SECRET", "secret", id="a-client's-secret"),
        pytest.param("INVITATIONS_ACCESS_TOKEN", "token", id="a-client's-token"),
        pytest.param("INVITATIONS_SERVICE_HOST", "10.0.0.11", id="cluster-host"),
        pytest.param("INVITATIONS_SERVICE_PORT", "8080", id="cluster-port"),
        pytest.param("INVITATIONS_SERVICE_PORT_HTTP", "8080", id="cluster-named-port"),
        pytest.param("INVITATIONS_PORT", "tcp://10.0.0.11:8080", id="cluster-address"),
        pytest.param("INVITATIONS_PORT_8080_TCP", "tcp://10.0.0.11:8080", id="cluster-tcp"),
        pytest.param("INVITATIONS_PORT_8080_TCP_PROTO", "tcp", id="cluster-protocol"),
        pytest.param("INVITATIONS_PORT_8080_TCP_PORT", "8080", id="cluster-tcp-port"),
        pytest.param("INVITATIONS_PORT_8080_TCP_ADDR", "10.0.0.11", id="cluster-tcp-address"),
        pytest.param("INVITATIONS_DB_SERVICE_HOST", "10.0.0.12", id="cluster-neighbour"),
        pytest.param("INVITATIONS_DB_PORT_5432_TCP_ADDR", "10.0.0.12", id="cluster-neighbour-address"),
        pytest.param("OTHER_INVITATIONS_X", "x", id="somebody-else's"),
    ],
)
def test_variables_of_clients_and_clusters_are_ignored(variable: str, text: str) -> None:
    assert settings_of({variable: text}) == settings_of({})
