"""Twenty thousand patients of a hospital, a service that knows them, and the client's environment."""

import asyncio
import base64
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from returns.result import Success

from application.administration.patients import PatientRow
from domain.access import Grant
from domain.organisations import Organisation
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.builders import HOSPITAL, a_record, an_identifier, an_nhs_number
from tests.integration.commands.shell import started
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, ISSUER, Issuer
from tests.integration.service import Service, running_service

PATIENTS = 20_000
DECEASED_EACH = 10

Client: TypeAlias = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def prepared(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give the settings of a service whose database knows the patients; every tenth has died."""
    directory = tmp_path_factory.mktemp("bulk")
    issuer.publish(directory / "jwks.json")
    settings = {
        "INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{directory}/invitations.db",
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{directory}/jwks.json",
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    asyncio.run(_bring_in(Container(settings=read_settings(settings, to_serve=True).unwrap())))
    return settings


async def _bring_in(container: Container) -> None:
    await container.storage.schema().upgrade()
    await container.administration.add_organisation()(Organisation(HOSPITAL, "A hospital"))
    (await container.administration.grant_access()(Grant(CLIENT_ID, HOSPITAL))).unwrap()
    records = (
        a_record(an_identifier(number), deceased=number % DECEASED_EACH == 0) for number in range(PATIENTS)
    )
    rows = (Success(PatientRow(line, record)) for line, record in enumerate(records, 1))
    (await container.administration.import_patients()(HOSPITAL, rows, lambda _chunk: None)).unwrap()
    await container.storage.database().close()


@pytest.fixture(scope="session")
def service(prepared: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(prepared, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[int], Path]:
    """Give what writes a file of so many NHS numbers."""

    def write(count: int) -> Path:
        file = tmp_path / "numbers.txt"
        file.write_text("".join(f"{an_nhs_number(number)}\n" for number in range(count)))
        return file

    return write


@pytest.fixture
def client(tmp_path: Path, issuer: Issuer) -> Client:
    """Give what starts a command of the client, in a directory of its own."""

    def start(
        command: str, service_url: str, *arguments: str, token: str | None = None
    ) -> subprocess.Popen[str]:
        settings = {"INVITATIONS_ACCESS_TOKEN": issuer.access_token() if token is None else token}
        address = ["--server", f"{service_url}/fhir", "--organisation", str(HOSPITAL)]
        return started(tmp_path, command, *address, *arguments, settings=settings)

    return start
