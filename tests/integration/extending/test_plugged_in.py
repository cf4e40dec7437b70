"""The service with the example in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dependency_injector import providers

from domain.identifiers import PatientIdentifier, RequestedIdentifier
from entrypoints.container import Container
from examples.fhir_patient_repository.repository import FhirPatientRepository
from tests.builders import a_requested_identifier
from tests.integration.extending.conftest import Registrations
from tests.integration.extending.patient_server import PatientServer, a_resource, organisation_reference
from tests.integration.http.support.call import OPERATION, answered, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, keep_in_memory, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import HOSPITAL
from tests.integration.transports.setup import settings_on

ADULT, DECEASED, CHILD, REGISTERED, ELSEWHERE, UNKNOWN = map(a_requested_identifier, range(1, 7))


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def container_in_memory(issuer: Issuer, tmp_path: Path) -> AsyncIterator[Container]:
    async with open_container(
        settings_on(f"sqlite+aiosqlite:///{tmp_path}/none.db", issuer, tmp_path)
    ) as container:
        await keep_in_memory(container)
        yield container


def _patient(identifier: RequestedIdentifier, **elements: object) -> dict[str, object]:
    named = PatientIdentifier.parse(identifier.system, identifier.value).unwrap()
    cared_for = {"managingOrganization": organisation_reference(HOSPITAL)}
    return a_resource(named, patient_id=identifier.value, **(cared_for | elements))


async def test_generates_invitation_tokens_for_patients_of_the_server(
    container_in_memory: Container,
    patient_repository: FhirPatientRepository,
    server: PatientServer,
    registrations: Registrations,
    issuer: Issuer,
) -> None:
    registrations.ids.add(REGISTERED.value)
    server.hold(
        _patient(ADULT),
        _patient(DECEASED, deceasedDateTime="2026-11-30"),
        _patient(CHILD, birthDate="2024-05-06"),
        _patient(REGISTERED),
        _patient(ELSEWHERE, managingOrganization={}),
    )
    container_in_memory.storage.patient_repository.override(providers.Object(patient_repository))

    async with client_of(container_in_memory.http.app()) as client:
        response = await client.post(
            OPERATION,
            headers=request_headers(issuer.access_token()),
            content=asking_for(ADULT, DECEASED, CHILD, REGISTERED, ELSEWHERE, UNKNOWN),
        )

    assert [entry.identifier for entry in answered(response)] == [ADULT]


async def test_answers_503_while_the_server_is_away(
    container_in_memory: Container,
    patient_repository_without_source: FhirPatientRepository,
    issuer: Issuer,
) -> None:
    repository = providers.Object(patient_repository_without_source)
    container_in_memory.storage.patient_repository.override(repository)

    async with client_of(container_in_memory.http.app()) as client:
        response = await client.post(
            OPERATION, headers=request_headers(issuer.access_token()), content=asking_for(ADULT)
        )

    assert response.status_code == 503
