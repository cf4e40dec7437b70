"""Patients of a hospital, a service that knows them, and the client's environment."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from domain.access import Grant
from domain.organisations import Organisation
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.builders import HOSPITAL, a_report, an_identifier, an_nhs_number
from tests.fakes.patient_file import InMemoryPatientFile
from tests.integration.commands.shell import Outcome, started
from tests.integration.databases import Databases
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.service import Service, running_service
from tests.integration.transports.setup import settings_on

PATIENTS = 1_000
JOIN_URL = "https://join.test.invalid/"
DECEASED_EACH = 10

Client: TypeAlias = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def prepared(
    issuer: Issuer, sqlite: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Give the settings of a service whose database knows the patients; every tenth has died."""
    return prepare(sqlite.migrated_url(), issuer, tmp_path_factory.mktemp("bulk"), PATIENTS)


def prepare(url: str, issuer: Issuer, directory: Path, patients: int) -> Mapping[str, str]:
    """Put so many patients into a migrated database, and give the settings of a service on it."""
    settings = settings_on(url, issuer, directory)
    container = Container(settings=read_settings(settings, to_serve=True).unwrap())
    asyncio.run(_bring_in(container, patients))
    return settings


async def _bring_in(container: Container, patients: int) -> None:
    await container.administration.add_organisation()(Organisation(HOSPITAL, "A hospital"))
    (await container.administration.grant_access()(Grant(CLIENT_ID, HOSPITAL))).unwrap()
    reports = (
        a_report(an_identifier(number), deceased=number % DECEASED_EACH == 0) for number in range(patients)
    )
    file = InMemoryPatientFile.of(reports)
    (await container.administration.import_patients()(HOSPITAL, file, lambda _chunk: None)).unwrap()
    await container.storage.database().close()


@pytest.fixture(scope="session")
def service(prepared: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(prepared, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[int], Path]:
    """Make a function that writes a file of NHS numbers."""

    def write(count: int) -> Path:
        file = tmp_path / "numbers.txt"
        file.write_text("".join(f"{an_nhs_number(number)}\n" for number in range(count)))
        return file

    return write


@pytest.fixture
def client(tmp_path: Path, issuer: Issuer) -> Client:
    """Make a function that starts a command of the client in its own directory."""

    def start(
        command: str, service_url: str, *arguments: str, token: str | None = None
    ) -> subprocess.Popen[str]:
        settings = _settings(issuer, token)
        return started(tmp_path, command, *_address(command, service_url), *arguments, settings=settings)

    return start


@pytest.fixture
def client_command(bare_command: Callable[..., Outcome], issuer: Issuer) -> Callable[..., Outcome]:
    """Make a runner of the client's commands in this process."""

    def run(command: str, service_url: str, *arguments: str, token: str | None = None) -> Outcome:
        return bare_command(
            command, *_address(command, service_url), *arguments, settings=_settings(issuer, token)
        )

    return run


def _address(command: str, service_url: str) -> list[str]:
    join_url = ["--join-url", JOIN_URL] if command == "generate" else []
    return ["--server", f"{service_url}/fhir", "--organisation", str(HOSPITAL), *join_url]


def _settings(issuer: Issuer, token: str | None) -> Mapping[str, str]:
    return {"INVITATIONS_ACCESS_TOKEN": issuer.access_token() if token is None else token}
