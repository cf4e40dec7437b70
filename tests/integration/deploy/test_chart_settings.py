"""The service gets the settings of the values and the Secret, and Secrets stay files."""

from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from msgspec import structs

from entrypoints.settings import Settings, read_settings
from tests.integration.deploy.helm import rendered
from tests.integration.deploy.values import ALL_OF_IT, CHOICES, REQUIRED

SECRETS = {
    "database-url": "postgresql+asyncpg://invitations:secret@db.example.org/invitations",
    "introspection-client-secret": "secret",
    "token-keys": "2026-11:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "url": "postgresql+asyncpg://owner:secret@db.example.org/invitations",
}
"""The content of the Secrets that the values name, by key."""


def mounted(spec: dict[str, Any]) -> dict[str, str]:
    """Give the key of a Secret behind each file that a pod's container sees."""
    keys = {
        volume["name"]: {item["path"]: item["key"] for item in volume["secret"].get("items", [])}
        for volume in spec["volumes"]
        if "secret" in volume
    }
    (container,) = spec["containers"]
    return {
        str(PurePosixPath(mount["mountPath"], path)): key
        for mount in container["volumeMounts"]
        for path, key in keys.get(mount["name"], {}).items()
    }


def secrets_of(spec: dict[str, Any]) -> set[tuple[str, str]]:
    """Give the Secrets that a pod sees, each with its key."""
    secrets = [volume["secret"] for volume in spec["volumes"] if "secret" in volume]
    return {(each["secretName"], item["key"]) for each in secrets for item in each.get("items", [])}


def environment_of(spec: dict[str, Any], directory: Path) -> dict[str, str]:
    """Give the environment of a pod's container, with its files in a directory of this machine."""
    files = mounted(spec)
    (container,) = spec["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    for name, value in variables.items():
        if name.endswith("_FILE"):
            file = directory / files[value]
            file.write_text(SECRETS[files[value]])
            variables[name] = str(file)
    return variables


@pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)
def test_the_service_takes_its_settings_from_the_chart(values: dict[str, Any], tmp_path: Path) -> None:
    spec = rendered(values).one("Deployment")["spec"]["template"]["spec"]

    settings = read_settings(environment_of(spec, tmp_path), to_serve=True).unwrap()

    assert settings.base_url == "https://invitations.example.org/fhir"
    assert settings.issuer == "https://login.example.org"
    assert settings.database_url.username == "invitations"
    assert settings.token_keys is not None


def test_settings_of_every_kind_arrive(tmp_path: Path) -> None:
    spec = rendered(ALL_OF_IT).one("Deployment")["spec"]["template"]["spec"]

    settings = read_settings(environment_of(spec, tmp_path), to_serve=True).unwrap()

    assert settings.max_body_bytes == 10_000_000
    assert settings.access_tokens == "opaque"
    assert settings.grpc_tls_client_ca == "/run/secrets/grpc/ca.crt"


@pytest.mark.parametrize("values", [REQUIRED, ALL_OF_IT], ids=["required", "all-of-it"])
def test_the_migration_connects_by_a_secret_that_the_service_does_not_have(
    values: dict[str, Any], tmp_path: Path
) -> None:
    job, service = (rendered(values).one(kind)["spec"]["template"]["spec"] for kind in ("Job", "Deployment"))

    assert read_settings(environment_of(job, tmp_path), to_serve=False).unwrap().database_url
    assert secrets_of(job) & secrets_of(service) == set()


def test_no_secret_stands_in_an_environment() -> None:
    secret_settings = {"database_url", "token_keys", "introspection_client_secret"}

    variables = {
        each["name"]
        for pod in rendered(ALL_OF_IT).pods()
        for container in pod["spec"]["containers"]
        for each in container["env"]
    }

    assert secret_settings <= {field.name for field in structs.fields(Settings)}
    assert variables & {f"INVITATIONS_{name.upper()}" for name in secret_settings} == set()
