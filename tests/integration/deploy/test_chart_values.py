"""Helm refuses values with which the service could not run, or not safely, before it touches the cluster."""

import copy
from typing import Any

import pytest

from tests.integration.deploy.helm import refusal, rendered
from tests.integration.deploy.values import CHOICES, REQUIRED


def changed(path: str, value: object) -> dict[str, Any]:
    """Give valid values, except one at a dotted path."""
    values = copy.deepcopy(REQUIRED)
    *parents, name = path.split(".")
    holder = values
    for parent in parents:
        holder = holder.setdefault(parent, {})
    holder[name] = value
    return values


@pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)
def test_correct_values_are_accepted(values: dict[str, Any]) -> None:
    assert rendered(values).all("Deployment")


def test_values_without_a_default_are_required() -> None:
    said = refusal({})

    missing = ("/image/repository", "/environment", "/secret/name", "/migration/secret/name")
    assert [place for place in missing if f"at '{place}'" not in said] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("environment.INVITATIONS_TOKEN_KEYS", "a:b", id="keys-outside-the-secret"),
        pytest.param("environment.INVITATIONS_DATABASE_URL", "postgresql+asyncpg://a:b@c/d", id="password"),
        pytest.param("environment.INVITATIONS_TOKEN_KEYS_FILE", "/run/keys", id="file-that-is-not-mounted"),
        pytest.param("environment.invitations_log_level", "info", id="not-a-variable"),
        # Helm would write it as 1e+07
        pytest.param("environment.INVITATIONS_MAX_BODY_BYTES", 10_000_000, id="number-without-quotes"),
        pytest.param("environment.INVITATIONS_ISSUER", "login.example.org", id="issuer-that-is-no-url"),
        pytest.param("environment.INVITATIONS_PORTAL_URL", "http://portal.example.org", id="portal-in-clear"),
        pytest.param("forwardedFor", "all", id="proxies-without-address"),
        pytest.param("secret.keys.INVITATIONS_TOKEN_KEYS", None, id="no-token-keys"),
        pytest.param("secret.keys.INVITATIONS_TOKEN_KEYS", "../keys", id="key-with-a-path"),
        pytest.param("image.tag", "latest", id="latest"),
        pytest.param("image.digest", "sha256:abc", id="half-a-digest"),
        pytest.param("workers", 0, id="no-workers"),
        pytest.param("grpc.port", 70_000, id="port-that-is-none"),
        pytest.param("podIds.runAsUser", 0, id="root"),
        pytest.param("networkPolicy.from", [], id="everybody-let-in"),
        pytest.param("networkPolicy.egress", [], id="database-out-of-reach"),
        pytest.param("autoscaling.targetCPUUtilizationPercentage", 0, id="no-load"),
        pytest.param("replicaCount", 3, id="misspelt"),
        pytest.param("grpc.tls.secret", "tls", id="misspelt-further-down"),
    ],
)
def test_a_wrong_value_is_refused_and_named(path: str, value: object) -> None:
    said = refusal(changed(path, value))

    assert "values don't meet the specifications" in said
    assert path.rpartition(".")[2] in said or "/".join(path.split(".")) in said


def test_grpc_needs_tls() -> None:
    said = refusal(changed("grpc.enabled", value=True))

    assert "at '/grpc/tls/secretName'" in said


@pytest.mark.parametrize(
    "secret",
    [{"name": "invitations"}, {"name": "invitations", "databaseUrlKey": "database-url"}],
    ids=["by-default", "by-name"],
)
def test_the_migration_does_not_run_as_the_role_of_the_service(secret: dict[str, str]) -> None:
    said = refusal(changed("migration.secret", secret))

    assert "migration.secret is the service's own" in said


def test_the_migration_may_have_another_key_of_the_same_secret() -> None:
    values = changed("migration.secret", {"name": "invitations", "databaseUrlKey": "owner-database-url"})

    assert rendered(values).all("Job")
