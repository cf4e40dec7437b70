"""The generated settings of compose.yaml fit together, and its ports are open to this machine only."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.access import Grant
from domain.organisations import Organisation, OrganisationId
from entrypoints.container import Container
from entrypoints.http_process import DRAIN_SECONDS
from entrypoints.settings import Settings, read_settings
from tests.integration.deploy.compose import PROGRAMS, SAMPLE, environment, make_secrets, services

HOSPITAL = OrganisationId(UUID("235a397b-1ae8-4755-9c77-1a0e2fbc5314"))
OURS = ("invitations", "migration", "oauth-server", "sample", "secrets")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings that the service reads."""
    make_secrets(tmp_path)
    return read_settings(environment("invitations", tmp_path), to_serve=True).unwrap()


def bring_in_sample(directory: Path) -> int:
    """Run the command of the service `sample` on an empty database, and return the exit code."""
    (script,) = services()["sample"]["command"]
    here = script.replace("$$", "$").replace("/sample/", f"{SAMPLE}/")
    command = [*services()["sample"]["entrypoint"], here]
    path = f"{PROGRAMS}{os.pathsep}{os.defpath}"
    return subprocess.run(command, cwd=directory, env={"PATH": path}, timeout=60, check=False).returncode


def test_it_runs_database_oauth_server_service_and_their_preparation() -> None:
    assert sorted(services()) == sorted(["database", *OURS])


def test_ports_are_open_to_this_machine_alone() -> None:
    addresses = {port["host_ip"] for each in services().values() for port in each.get("ports", [])}

    assert addresses == {"127.0.0.1"}


def test_every_image_is_built_here_or_named_by_version_and_digest() -> None:
    images = [each["image"] for each in services().values()]

    assert [
        image for image in images if not re.fullmatch(r"[\w-]+:(local|\d+@sha256:[0-9a-f]{64})", image)
    ] == []


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nowhere_and_have_no_privileges(name: str) -> None:
    service: dict[str, Any] = services()[name]

    confined = service["read_only"], service["cap_drop"], service["security_opt"]
    assert confined == (True, ["ALL"], ["no-new-privileges:true"])


def test_requests_in_progress_have_the_time_to_end() -> None:
    seconds = int(services()["invitations"]["stop_grace_period"].removesuffix("s"))

    assert seconds > DRAIN_SECONDS


def test_the_service_accepts_the_generated_settings(settings: Settings) -> None:
    assert settings.database_url.host == "database"
    assert settings.token_keys is not None


def test_the_database_has_the_password_that_the_service_gives(settings: Settings, tmp_path: Path) -> None:
    password = Path(environment("database", tmp_path)["POSTGRES_PASSWORD_FILE"]).read_text()

    assert settings.database_url.password == password
    assert settings.database_url.username == services()["database"]["environment"]["POSTGRES_USER"]


def test_the_oauth_server_issues_tokens_that_the_service_accepts(settings: Settings, tmp_path: Path) -> None:
    oauth_server = msgspec.json.decode((tmp_path / "oauth-server.json").read_bytes())

    ports = [port["target"] for port in services()["oauth-server"]["ports"]]
    assert oauth_server["issuer"] == settings.issuer == f"http://127.0.0.1:{oauth_server['port']}"
    assert oauth_server["port"] in ports
    assert oauth_server["audiences"] == [settings.audience]
    assert oauth_server["scopes"] == [*settings.scopes]
    assert oauth_server["clients"] == {
        name: (tmp_path / name).read_text() for name in ("mail-house", "portal")
    }


def test_secrets_are_generated_once(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}

    make_secrets(tmp_path)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == first


def test_the_service_reaches_the_oauth_server_on_the_loopback_address() -> None:
    assert services()["invitations"]["network_mode"] == "service:oauth-server"


async def test_the_sample_can_be_imported_again(tmp_path: Path) -> None:
    url = {"INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/invitations.db"}
    container = Container(settings=read_settings(url, to_serve=False).unwrap())
    await container.storage.migrations().upgrade()
    await container.administration.add_organisation()(Organisation(HOSPITAL, "Example Hospital"))

    code = bring_in_sample(tmp_path)

    grants = await container.administration.list_grants()()
    await container.storage.database().close()
    assert (code, [*grants]) == (0, [Grant("mail-house", HOSPITAL)])
