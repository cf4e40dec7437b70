"""What the operator sets, read from the environment and checked before anything starts."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from returns.result import Failure, Result, Success
from sqlalchemy import URL

from adapters.tokens.key_ring import KeyRing
from entrypoints.setting_values import (
    database_url,
    http_url,
    issuer,
    jwks,
    lifetime_days,
    log_level,
    positive_number,
    scope,
    whole_number,
)


class Settings(Struct, frozen=True, kw_only=True):
    """The settings. `issuer` and `token_keys` are None where they may be missing."""

    database_url: URL
    base_url: str
    issuer: str | None
    jwks: str
    audience: str
    generate_scope: str
    status_scope: str
    token_keys: KeyRing | None
    token_lifetime_days: int
    idempotency_key_hours: int
    minimum_age: int
    max_body_bytes: int
    max_concurrent_requests: int
    max_requests_per_minute: int
    max_identifiers_per_minute: int
    log_level: str

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that the operations need, if they need any."""
        return tuple(filter(None, (self.generate_scope, self.status_scope)))


class WrongSettings(Struct, frozen=True):
    """A line for each setting that is wrong or missing, naming it and showing nothing of its value."""

    problems: tuple[str, ...]


class _Setting(Struct, frozen=True):
    """A variable and how it is read. Without a default, `serve` needs it."""

    variable: str
    read: Callable[[str], Any]
    default: str | None
    empty_is_a_value: bool = False


_SETTINGS = {
    "database_url": _Setting("INVITATIONS_DATABASE_URL", database_url, "sqlite+aiosqlite:///invitations.db"),
    "base_url": _Setting("INVITATIONS_BASE_URL", http_url, "http://127.0.0.1:8080/fhir"),
    "issuer": _Setting("INVITATIONS_ISSUER", issuer, None),
    "jwks": _Setting("INVITATIONS_JWKS", jwks, ""),
    "audience": _Setting("INVITATIONS_AUDIENCE", str, ""),
    "generate_scope": _Setting(
        "INVITATIONS_GENERATE_SCOPE", scope, "system/Organization.write", empty_is_a_value=True
    ),
    "status_scope": _Setting("INVITATIONS_STATUS_SCOPE", scope, "system/Patient.read", empty_is_a_value=True),
    "token_keys": _Setting("INVITATIONS_TOKEN_KEYS", KeyRing.parse, None),
    "token_lifetime_days": _Setting("INVITATIONS_TOKEN_LIFETIME_DAYS", lifetime_days, "30"),
    "idempotency_key_hours": _Setting("INVITATIONS_IDEMPOTENCY_KEY_HOURS", positive_number, "24"),
    "minimum_age": _Setting("INVITATIONS_MINIMUM_AGE", whole_number, "16"),
    "max_body_bytes": _Setting("INVITATIONS_MAX_BODY_BYTES", positive_number, "4194304"),
    "max_concurrent_requests": _Setting("INVITATIONS_MAX_CONCURRENT_REQUESTS", positive_number, "64"),
    "max_requests_per_minute": _Setting("INVITATIONS_MAX_REQUESTS_PER_MINUTE", whole_number, "0"),
    "max_identifiers_per_minute": _Setting("INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE", whole_number, "0"),
    "log_level": _Setting("INVITATIONS_LOG_LEVEL", log_level, "info"),
}


def read_settings(environment: Mapping[str, str], *, to_serve: bool) -> Result[Settings, WrongSettings]:
    """Read every setting; `to_serve` tells whether those without a default must be there."""
    values: dict[str, Any] = {}
    problems = []
    for field, setting in _SETTINGS.items():
        text = environment.get(setting.variable, setting.default)
        if not text and not setting.empty_is_a_value:
            text = setting.default
        if text is None:
            values[field] = None
            if to_serve:
                problems.append(f"{setting.variable} is required")
            continue
        try:
            values[field] = setting.read(text)
        except ValueError as error:
            problems.append(f"{setting.variable} {error}")
    if problems:
        return Failure(WrongSettings(tuple(problems)))
    values["audience"] = values["audience"] or values["base_url"]
    return Success(Settings(**values))
