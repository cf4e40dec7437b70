"""Settings for tests."""

from collections.abc import Mapping

from entrypoints.settings import Settings, read_settings

KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
REQUIRED = {
    "INVITATIONS_ISSUER": "https://login.example/realm",
    "INVITATIONS_TOKEN_KEYS": f"key:{KEY}",
}
INTROSPECTION = {
    "INVITATIONS_INTROSPECTION_URL": "https://login.example/introspect",
    "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
    "INVITATIONS_INTROSPECTION_CLIENT_SECRET": "Xanthippe",
}


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Read the settings, with the required ones present."""
    return read_settings({**REQUIRED, **environment}, to_serve=True).unwrap()


def problems_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """List the problems of the settings, with the required ones present."""
    return read_settings({**REQUIRED, **environment}, to_serve=True).failure().problems
