"""The example's repository over a server that the test fills."""

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from uuid import NAMESPACE_URL, uuid5

import httpx
import pytest

from domain.patients import PatientId
from examples.fhir_patient_repository.repository import FhirPatientRepository, RegisteredPatients
from examples.fhir_patient_repository.search import PatientSearch
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.integration.extending.patient_server import PatientServer, ServedPatients, running_patient_server


class Registrations(RegisteredPatients):
    """Knows the registered patients by their ids on the server."""

    def __init__(self, server: PatientServer) -> None:
        self.ids: set[str] = set()
        self._server = server

    async def among(self, patient_ids: AbstractSet[PatientId]) -> AbstractSet[PatientId]:
        base_url = self._server.base_url
        return {
            PatientId(uuid5(NAMESPACE_URL, f"{base_url}/Patient/{each}")) for each in self.ids
        } & patient_ids


@pytest.fixture
async def server() -> AsyncIterator[PatientServer]:
    async with running_patient_server() as server:
        yield server


@pytest.fixture
async def http_client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield client


@pytest.fixture
def registrations(server: PatientServer) -> Registrations:
    return Registrations(server)


@pytest.fixture
def organisation_repository() -> InMemoryOrganisations:
    return InMemoryOrganisations()


@pytest.fixture
def patient_report_repository(server: PatientServer, registrations: Registrations) -> ServedPatients:
    return ServedPatients(server, registrations.ids)


@pytest.fixture
def patient_repository(
    server: PatientServer, http_client: httpx.AsyncClient, registrations: Registrations
) -> FhirPatientRepository:
    return FhirPatientRepository(PatientSearch(http_client, server.base_url), registrations)


@pytest.fixture
async def patient_repository_without_source(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> FhirPatientRepository:
    await server.stop()
    return patient_repository
