"""The settings of the operator, read from the environment and checked before anything starts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from returns.result import Failure, Result, Success
from sqlalchemy import URL

from adapters.grpc.tls import AuthorityUnusableError, CertificateUnusableError, TlsFiles
from adapters.keys.key_ring import KeyRing
from adapters.oauth.introspection import ClientSecret
from entrypoints.environment import (
    problems_of_http_clients,
    problems_of_tracing,
    traces_are_exported,
)
from entrypoints.setting_values import (
    claim_names,
    client_id,
    client_secret,
    database_url,
    http_url,
    introspection_url,
    issuer,
    jwks,
    lifetime_days,
    log_level,
    portal_url,
    positive_number,
    scope,
    setting_text,
    true_or_false,
    unknown_variables,
    whole_number,
)


class Settings(Struct, frozen=True, kw_only=True):
    """The settings. `issuer` and `token_keys` are None if they are missing and not required."""

    database_url: URL
    base_url: str
    issuer: str | None
    jwks: str
    introspection_url: str
    introspection_client_id: str
    introspection_client_secret: ClientSecret
    require_at_jwt: bool
    audience: str
    generate_scope: str
    status_scope: str
    invitation_status_scope: str
    revoke_scope: str
    redeem_scope: str
    portal_url: str
    client_claims: tuple[str, ...]
    scope_claims: tuple[str, ...]
    token_keys: KeyRing | None
    token_lifetime_days: int
    idempotency_key_hours: int
    minimum_age: int
    max_body_bytes: int
    max_concurrent_requests: int
    max_requests_per_minute: int
    max_identifiers_per_minute: int
    grpc_tls_certificate: str
    grpc_tls_key: str
    grpc_tls_client_ca: str
    log_level: str
    tracing: bool

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that the operations need, if they need any."""
        needed = (
            self.generate_scope,
            self.status_scope,
            self.invitation_status_scope,
            self.revoke_scope,
            self.redeem_scope,
        )
        return tuple(dict.fromkeys(filter(None, needed)))

    @property
    def access_tokens(self) -> Literal["opaque", "jwt"]:
        """The kind of access tokens: opaque if there is an introspection endpoint."""
        return "opaque" if self.introspection_url else "jwt"

    @property
    def join_page(self) -> Literal["served", "none"]:
        """Whether patients find a page at which they claim their invitation."""
        return "served" if self.portal_url else "none"

    @property
    def traces(self) -> Literal["exported", "none"]:
        """Whether calls are traced."""
        return "exported" if self.tracing else "none"


class WrongSettings(Struct, frozen=True):
    """A line for each setting that is wrong or missing, naming it and showing nothing of its value."""

    problems: tuple[str, ...]


class _Setting(Struct, frozen=True):
    """An environment variable and how it is read. Without a default, `serve` needs it."""

    variable: str
    read: Callable[[str], Any]
    default: str | None
    empty_is_a_value: bool = False


_SETTINGS = {
    "database_url": _Setting("INVITATIONS_DATABASE_URL", database_url, "sqlite+aiosqlite:///invitations.db"),
    "base_url": _Setting("INVITATIONS_BASE_URL", http_url, "http://127.0.0.1:8080/fhir"),
    "issuer": _Setting("INVITATIONS_ISSUER", issuer, None),
    "jwks": _Setting("INVITATIONS_JWKS", jwks, ""),
    "introspection_url": _Setting("INVITATIONS_INTROSPECTION_URL", introspection_url, ""),
    "introspection_client_id": _Setting("INVITATIONS_INTROSPECTION_CLIENT_ID", client_id, ""),
    "introspection_client_secret": _Setting("INVITATIONS_INTROSPECTION_CLIENT_SECRET", client_secret, ""),
    "require_at_jwt": _Setting("INVITATIONS_REQUIRE_AT_JWT", true_or_false, "false"),
    "audience": _Setting("INVITATIONS_AUDIENCE", str, ""),
    "generate_scope": _Setting(
        "INVITATIONS_GENERATE_SCOPE", scope, "system/Organization.write", empty_is_a_value=True
    ),
    "status_scope": _Setting("INVITATIONS_STATUS_SCOPE", scope, "system/Patient.read", empty_is_a_value=True),
    "invitation_status_scope": _Setting(
        "INVITATIONS_INVITATION_STATUS_SCOPE", scope, "system/Patient.read", empty_is_a_value=True
    ),
    "revoke_scope": _Setting(
        "INVITATIONS_REVOKE_SCOPE", scope, "system/Organization.write", empty_is_a_value=True
    ),
    "redeem_scope": _Setting(
        "INVITATIONS_REDEEM_SCOPE", scope, "system/Patient.write", empty_is_a_value=True
    ),
    "portal_url": _Setting("INVITATIONS_PORTAL_URL", portal_url, ""),
    "client_claims": _Setting("INVITATIONS_CLIENT_CLAIMS", claim_names, "client_id,azp"),
    "scope_claims": _Setting("INVITATIONS_SCOPE_CLAIMS", claim_names, "scope,scp"),
    "token_keys": _Setting("INVITATIONS_TOKEN_KEYS", KeyRing.parse, None),
    "token_lifetime_days": _Setting("INVITATIONS_TOKEN_LIFETIME_DAYS", lifetime_days, "30"),
    "idempotency_key_hours": _Setting("INVITATIONS_IDEMPOTENCY_KEY_HOURS", positive_number, "24"),
    "minimum_age": _Setting("INVITATIONS_MINIMUM_AGE", whole_number, "16"),
    "max_body_bytes": _Setting("INVITATIONS_MAX_BODY_BYTES", positive_number, "4194304"),
    "max_concurrent_requests": _Setting("INVITATIONS_MAX_CONCURRENT_REQUESTS", positive_number, "64"),
    "max_requests_per_minute": _Setting("INVITATIONS_MAX_REQUESTS_PER_MINUTE", whole_number, "0"),
    "max_identifiers_per_minute": _Setting("INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE", whole_number, "0"),
    "grpc_tls_certificate": _Setting("INVITATIONS_GRPC_TLS_CERTIFICATE", str, ""),
    "grpc_tls_key": _Setting("INVITATIONS_GRPC_TLS_KEY", str, ""),
    "grpc_tls_client_ca": _Setting("INVITATIONS_GRPC_TLS_CLIENT_CA", str, ""),
    "log_level": _Setting("INVITATIONS_LOG_LEVEL", log_level, "info"),
    "tracing": _Setting("INVITATIONS_TRACING", true_or_false, "false"),
}


_INTROSPECTION = {
    "introspection_url": "",
    "introspection_client_id": "",
    "introspection_client_secret": ClientSecret(""),
}
"""The values of the settings for introspection if they are not set; all three belong together."""


def read_settings(environment: Mapping[str, str], *, to_serve: bool) -> Result[Settings, WrongSettings]:
    """Read every setting; `to_serve` says whether those without a default are required."""
    values: dict[str, Any] = {}
    variables = [setting.variable for setting in _SETTINGS.values()]
    problems = [f"{name} is not a setting" for name in unknown_variables(environment, variables)]
    for field, setting in _SETTINGS.items():
        try:
            values[field] = _read(setting, environment, to_serve=to_serve)
        except ValueError as error:
            problems.append(f"{setting.variable} {error}")
    problems += [
        f"{variable} is required for introspection" for variable in _missing_for_introspection(values)
    ]
    if to_serve:
        problems += problems_of_http_clients(environment)
    if values.get("tracing"):
        problems += problems_of_tracing(environment)
        values["tracing"] = traces_are_exported(environment)
    if problems:
        return Failure(WrongSettings(tuple(problems)))
    values["audience"] = values["audience"] or values["base_url"]
    return Success(Settings(**values))


def _read(setting: _Setting, environment: Mapping[str, str], *, to_serve: bool) -> Any:  # noqa: ANN401 - any value
    text = setting_text(environment, setting.variable)
    if text is None or not (text or setting.empty_is_a_value):
        text = setting.default
    if text is not None:
        return setting.read(text)
    if to_serve:
        raise ValueError("is required")
    return None


def _missing_for_introspection(values: Mapping[str, Any]) -> list[str]:
    missing = [field for field, nothing in _INTROSPECTION.items() if values.get(field) == nothing]
    return [] if len(missing) == len(_INTROSPECTION) else [_SETTINGS[field].variable for field in missing]


TLS_SETTINGS = "INVITATIONS_GRPC_TLS_CERTIFICATE and INVITATIONS_GRPC_TLS_KEY"


def tls_files(settings: Settings) -> TlsFiles | None:
    """Give the files; None if none is set. Raises ValueError if only a part of them is set."""
    if not (settings.grpc_tls_certificate or settings.grpc_tls_key or settings.grpc_tls_client_ca):
        return None
    if not (settings.grpc_tls_certificate and settings.grpc_tls_key):
        raise ValueError(f"{TLS_SETTINGS} are needed together")
    client_ca = Path(settings.grpc_tls_client_ca) if settings.grpc_tls_client_ca else None
    return TlsFiles(Path(settings.grpc_tls_certificate), Path(settings.grpc_tls_key), client_ca)


def problem_with_tls(settings: Settings) -> str | None:
    """Say in a sentence what is wrong with the files; None if nothing is."""
    try:
        files = tls_files(settings)
        if files is not None:
            files.check()
    except CertificateUnusableError:
        return f"{TLS_SETTINGS} are not the files of a certificate and its key"
    except AuthorityUnusableError:
        return "INVITATIONS_GRPC_TLS_CLIENT_CA is not a file of certificates"
    except ValueError as error:
        return str(error)
    return None
