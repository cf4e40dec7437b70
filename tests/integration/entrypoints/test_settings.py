"""The settings, and the refusals before the start."""

import pytest
from returns.result import Success

from entrypoints.settings import read_settings
from tests.integration.entrypoints.a_setup import KEY, REQUIRED, problems_of, settings_of
from tests.key_builders import a_key

NOT_A_URL = "is not an absolute http or https URL"
FROM_0 = "is not a whole number from 0"
FROM_1 = "is not a whole number from 1"
NOT_HTTPS = "is http to another machine, where claims could be read: use https"
NOT_PLAIN = "is not a URL of scheme, host name and path, without user name, fragment and spaces"
NOT_PRIVATE = "is http to another machine, where keys could be forged and tokens read: use https"
NOT_A_SCOPE = "is not a single OAuth scope"
NO_CLAIMS = "is not a list of claim names, separated by commas"
NOT_A_DATABASE = (
    "must begin with one of: sqlite+aiosqlite://, postgresql+asyncpg://, postgresql://, postgres://"
)
NO_FILE = "must name a file: a database in memory would be lost with the process"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("database_url", "sqlite+aiosqlite:///invitations.db", id="database_url"),
        pytest.param("base_url", "http://127.0.0.1:8080/fhir", id="base_url"),
        pytest.param("jwks", "", id="jwks"),
        pytest.param("introspection_url", "", id="introspection_url"),
        pytest.param("introspection_client_id", "", id="introspection_client_id"),
        pytest.param("require_at_jwt", "False", id="require_at_jwt"),
        pytest.param("audience", "http://127.0.0.1:8080/fhir", id="audience"),
        pytest.param("generate_scope", "system/Organization.write", id="generate_scope"),
        pytest.param("status_scope", "system/Patient.read", id="status_scope"),
        pytest.param("portal_url", "", id="portal_url"),
        pytest.param("client_claims", "('client_id', 'azp')", id="client_claims"),
        pytest.param("scope_claims", "('scope', 'scp')", id="scope_claims"),
        pytest.param("token_lifetime_days", "30", id="token_lifetime_days"),
        pytest.param("minimum_age", "16", id="minimum_age"),
        pytest.param("max_body_bytes", "4194304", id="max_body_bytes"),
        pytest.param("max_concurrent_requests", "64", id="max_concurrent_requests"),
        pytest.param("max_requests_per_minute", "0", id="max_requests_per_minute"),
        pytest.param("max_identifiers_per_minute", "0", id="max_identifiers_per_minute"),
        pytest.param("log_level", "info", id="log_level"),
        pytest.param("tracing", "False", id="tracing"),
    ],
)
@pytest.mark.parametrize("empty", [False, True], ids=["not-set", "empty"])
def test_an_absent_setting_has_a_default(field: str, value: str, *, empty: bool) -> None:
    variable = f"INVITATIONS_{field.upper()}"
    environment = {variable: ""} if empty and not field.endswith("_scope") else {}

    assert str(getattr(settings_of(environment), field)) == value


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        pytest.param("database_url", "sqlite+aiosqlite:////var/lib/x.db", None, id="sqlite"),
        pytest.param(
            "database_url", "postgresql+asyncpg://app@db.example/x?ssl=require", None, id="postgresql"
        ),
        pytest.param(
            "database_url",
            "postgresql+asyncpg://app@a:1,b:2/x",
            "postgresql+asyncpg://app@/x?host=a%3A1%2Cb%3A2",
            id="several-servers",
        ),
        pytest.param(
            "database_url",
            "postgres://app@db.example:5432/x?sslmode=require",
            "postgresql+asyncpg://app@db.example:5432/x?sslmode=require",
            id="as-hosting-services-write-it",
        ),
        pytest.param(
            "database_url", "postgresql://app@a,b/x", "postgresql+asyncpg://app@/x?host=a%2Cb", id="as-libpq"
        ),
        pytest.param("base_url", "https://invitations.example/fhir", None, id="base_url"),
        pytest.param("issuer", "http://[::1]:8443/realm", None, id="issuer-by-address"),
        pytest.param("jwks", "/etc/keys.json", None, id="jwks-file"),
        pytest.param("require_at_jwt", "true", "True", id="at-jwt"),
        pytest.param("require_at_jwt", "False", "False", id="no-at-jwt"),
        pytest.param("audience", "urn:invitations", None, id="audience"),
        pytest.param("generate_scope", "invite", None, id="scope"),
        pytest.param("generate_scope", "", None, id="no-scope"),
        pytest.param("status_scope", "ask", None, id="status-scope"),
        pytest.param("status_scope", "", None, id="no-status-scope"),
        pytest.param("portal_url", "https://portal.example/register?by=letter", None, id="portal"),
        pytest.param("portal_url", "https://portal.example:8443", None, id="portal-without-path"),
        pytest.param("portal_url", "http://127.0.0.1:8000/register", None, id="portal-on-this-machine"),
        pytest.param("portal_url", "http://localhost/", None, id="portal-on-localhost"),
        pytest.param("client_claims", "appid, sub", "('appid', 'sub')", id="client-claims"),
        pytest.param("scope_claims", "https://x.example/roles", "('https://x.example/roles',)", id="claim"),
        pytest.param("token_lifetime_days", "1", None, id="one-day"),
        pytest.param("token_lifetime_days", "365", None, id="a-year"),
        pytest.param("minimum_age", "0", None, id="no-minimum-age"),
        pytest.param("minimum_age", "18", None, id="minimum-age"),
        pytest.param("max_body_bytes", "1", None, id="body"),
        pytest.param("max_concurrent_requests", "1", None, id="concurrency"),
        pytest.param("max_requests_per_minute", "1", None, id="requests"),
        pytest.param("max_identifiers_per_minute", "500", None, id="identifiers"),
        pytest.param("log_level", "DEBUG", "debug", id="level-in-capitals"),
        pytest.param("log_level", "warning", None, id="level"),
        pytest.param("log_level", "error", None, id="level-error"),
        pytest.param("tracing", "true", "True", id="tracing"),
    ],
)
def test_a_setting_overrides_its_default(field: str, text: str, value: str | None) -> None:
    settings = settings_of({f"INVITATIONS_{field.upper()}": text})

    assert str(getattr(settings, field)) == (text if value is None else value)


def test_the_keys_are_read() -> None:
    settings = settings_of({"INVITATIONS_TOKEN_KEYS": f"new:{KEY},old:{a_key('b')}"})

    assert settings.token_keys is not None
    assert [key.id for key in settings.token_keys.keys] == ["new", "old"]


def test_the_audience_follows_the_base_url() -> None:
    settings = settings_of({"INVITATIONS_BASE_URL": "https://invitations.example/fhir"})

    assert settings.audience == "https://invitations.example/fhir"


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        pytest.param("database_url", "invitations.db", "is not a database URL", id="database-no-url"),
        pytest.param("database_url", "mysql://db.example/x", NOT_A_DATABASE, id="other-database"),
        pytest.param("database_url", "sqlite:///x.db", NOT_A_DATABASE, id="other-driver"),
        pytest.param("database_url", "sqlite+aiosqlite://", NO_FILE, id="no-file"),
        pytest.param("database_url", "sqlite+aiosqlite:///:memory:", NO_FILE, id="memory"),
        pytest.param(
            "database_url", "postgresql+asyncpg://h:port/x", "is not a database URL", id="database-port"
        ),
        pytest.param(
            "database_url",
            "postgresql+asyncpg://h/x?sslmode=required",
            "has the parameter sslmode, which must be one of: "
            "disable, allow, prefer, require, verify-ca, verify-full",
            id="database-parameter",
        ),
        pytest.param(
            "database_url",
            "postgresql://app:a@b@db.example/x",
            "has an @ in its user name or password. Write it as %40.",
            id="at-sign-in-password",
        ),
        pytest.param("base_url", "invitations.example/fhir", NOT_A_URL, id="no-scheme"),
        pytest.param("base_url", "https://invitations.example/fh ir", NOT_A_URL, id="blank-in-url"),
        pytest.param("base_url", "https://invitations.example/\tfhir", NOT_A_URL, id="tab-in-url"),
        pytest.param("base_url", "ftp://invitations.example", NOT_A_URL, id="other-scheme"),
        pytest.param("base_url", "https:///fhir", NOT_A_URL, id="no-host"),
        pytest.param("base_url", "https://[::1/fhir", NOT_A_URL, id="half-an-address"),
        pytest.param("base_url", "https://invitations.example:99999/fhir", NOT_A_URL, id="no-such-port"),
        pytest.param("issuer", "realm", NOT_A_URL, id="issuer"),
        pytest.param("issuer", "http://login.example", NOT_PRIVATE, id="issuer-by-http"),
        pytest.param("jwks", "http://login.example/keys", NOT_PRIVATE, id="jwks-by-http"),
        pytest.param("require_at_jwt", "yes", "is neither true nor false", id="yes"),
        pytest.param("require_at_jwt", "1", "is neither true nor false", id="one"),
        pytest.param("generate_scope", "one two", NOT_A_SCOPE, id="two-scopes"),
        pytest.param("generate_scope", 'a"b', NOT_A_SCOPE, id="quote-in-scope"),
        pytest.param("status_scope", "one two", NOT_A_SCOPE, id="two-status-scopes"),
        pytest.param("portal_url", "portal.example", NOT_A_URL, id="portal-no-scheme"),
        pytest.param("portal_url", "http://portal.example/", NOT_HTTPS, id="portal-in-clear"),
        pytest.param("portal_url", "http://127.0.0.1.example/", NOT_HTTPS, id="portal-nearly-here"),
        pytest.param("portal_url", "https://a:b@portal.example/", NOT_PLAIN, id="portal-with-password"),
        pytest.param("portal_url", "https://portal.example;x/", NOT_PLAIN, id="portal-that-adds-a-policy"),
        pytest.param("portal_url", "https://[::1]/", NOT_PLAIN, id="portal-by-ipv6-address"),
        pytest.param("portal_url", "https://portal.example/#top", NOT_PLAIN, id="portal-with-fragment"),
        pytest.param("portal_url", "https://portal.example/a b", NOT_A_URL, id="portal-with-space"),
        pytest.param("client_claims", "azp,,sub", NO_CLAIMS, id="no-claim-between-commas"),
        pytest.param("client_claims", ",", NO_CLAIMS, id="no-claim"),
        pytest.param("scope_claims", "scope scp", NO_CLAIMS, id="claims-without-comma"),
        pytest.param("token_lifetime_days", "0", FROM_1, id="no-lifetime"),
        pytest.param("token_lifetime_days", "-1", FROM_1, id="negative"),
        pytest.param("token_lifetime_days", "30.5", FROM_1, id="fraction"),
        pytest.param("token_lifetime_days", "٣٠", FROM_1, id="other-digits"),
        pytest.param("minimum_age", "sixteen", FROM_0, id="word"),
        pytest.param("minimum_age", "9999999999", FROM_0, id="enormous"),
        pytest.param("max_body_bytes", "4 MB", FROM_1, id="unit"),
        pytest.param("max_concurrent_requests", "0", FROM_1, id="no-concurrency"),
        pytest.param("max_requests_per_minute", "-1", FROM_0, id="negative-requests"),
        pytest.param("max_identifiers_per_minute", "many", FROM_0, id="many-identifiers"),
        pytest.param("log_level", "loud", "is not one of: debug, info, warning, error", id="level"),
        pytest.param("tracing", "on", "is neither true nor false", id="tracing"),
        pytest.param(
            "token_keys",
            KEY,
            "must be written id:base64[,id:base64...], each id in letters, digits, '.', '_' and '-'",
            id="key-without-id",
        ),
    ],
)
def test_a_wrong_setting_is_reported_in_one_line(field: str, text: str, problem: str) -> None:
    variable = f"INVITATIONS_{field.upper()}"

    assert problems_of({variable: text}) == (f"{variable} {problem}",)


def test_a_lifetime_that_ends_after_the_last_date_there_is_is_refused() -> None:
    [problem] = problems_of({"INVITATIONS_TOKEN_LIFETIME_DAYS": "999999999"})

    assert problem.startswith("INVITATIONS_TOKEN_LIFETIME_DAYS ")


@pytest.mark.parametrize("variable", REQUIRED)
@pytest.mark.parametrize(
    "environment",
    [pytest.param({}, id="not-set"), pytest.param(dict.fromkeys(REQUIRED, ""), id="empty")],
)
def test_a_missing_setting_is_reported(variable: str, environment: dict[str, str]) -> None:
    wrong = read_settings(environment, to_serve=True).failure()

    assert f"{variable} is required" in wrong.problems


def test_commands_other_than_serve_require_nothing() -> None:
    assert isinstance(read_settings({}, to_serve=False), Success)


def test_all_problems_are_reported_at_once() -> None:
    wrong = {"INVITATIONS_LOG_LEVEL": "loud", "INVITATIONS_MINIMUM_AGE": "x", "INVITATIONS_BASE_URL": "x"}

    assert {problem.split()[0] for problem in problems_of(wrong)} == set(wrong)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("database_url", "mysql://app:Xanthippe@db.example/x", id="other-driver"),
        pytest.param("database_url", "Xanthippe", id="database-no-url"),
        pytest.param("database_url", "postgresql+asyncpg://app:Xanthippe/x", id="password-for-port"),
        pytest.param("database_url", "postgresql://app:Xan@thippe@db.example/x", id="at-sign-in-password"),
        pytest.param("base_url", "Xanthippe", id="no-url"),
        pytest.param("base_url", "https://Xanthippe\u2100@login.example/", id="odd-character-in-url"),
        pytest.param("token_keys", "a:Xanthippe", id="key"),
        pytest.param("generate_scope", "Xanthippe Xanthippe", id="scope"),
        pytest.param("minimum_age", "Xanthippe", id="number"),
        pytest.param("log_level", "Xanthippe", id="level"),
    ],
)
def test_a_problem_repeats_nothing_of_the_value(field: str, text: str) -> None:
    [problem] = problems_of({f"INVITATIONS_{field.upper()}": text})

    assert "Xan" not in problem


def test_settings_show_neither_keys_nor_password() -> None:
    settings = settings_of({"INVITATIONS_DATABASE_URL": "postgresql+asyncpg://app:Xanthippe@db.example/x"})

    shown = f"{settings!r} {settings}"

    assert not [secret for secret in (KEY, "Xanthippe", "a" * 32) if secret in shown]
