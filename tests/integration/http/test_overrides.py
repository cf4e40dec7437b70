"""Every port of the running application can be replaced, each by one line."""

from datetime import timedelta

from dependency_injector import providers
from msgspec import json
from returns.result import Success

from domain.access import Caller
from entrypoints.container import Container
from tests.builders import (
    CLIENT,
    HOSPITAL,
    NOW,
    TODAY,
    a_chunk,
    a_grant,
    a_patient_id,
    a_record,
    a_requested_identifier,
)
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.clock import FixedClock
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.request_ids import SequentialRequestIds
from tests.fakes.token_generator import HashingTokenGenerator
from tests.integration.http.support.call import OPERATION, answered, asking_for, request_headers
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import SCOPE, Issuer
from tests.integration.http.support.people import ADULT

HEADERS = {
    "Authorization": "Bearer known",
    "X-Org-Public-Id": str(HOSPITAL),
    "Content-Type": "application/fhir+json",
}


async def test_serves_from_fakes_alone(container_in_memory: Container) -> None:
    register, store = InMemoryPatientReportRepository(), InMemoryInvitationRepository()
    await register.merge(a_chunk(a_record()))
    known = KnownAccessTokens({"known": Success(Caller(CLIENT, frozenset({SCOPE})))})
    container_in_memory.system.clock.override(providers.Object(FixedClock(NOW, TODAY)))
    container_in_memory.system.request_ids.override(providers.Object(SequentialRequestIds()))
    container_in_memory.security.token_generator.override(providers.Object(HashingTokenGenerator()))
    container_in_memory.security.access_token_verifier.override(providers.Object(known))
    container_in_memory.security.organisation_grants.override(providers.Object(InMemoryGrants(a_grant())))
    container_in_memory.storage.patient_repository.override(
        providers.Object(InMemoryPatientRepository(register))
    )
    container_in_memory.storage.invitation_repository.override(providers.Object(store))
    async with client_of(container_in_memory.http.app()) as client:
        response = await client.post(OPERATION, headers=HEADERS, content=asking_for(a_requested_identifier()))

    [secrets] = HashingTokenGenerator().draw(SequentialRequestIds().draw(), [a_patient_id()], 0)
    assert json.decode(response.content)["parameter"][0]["part"][1:] == [
        {"name": "code", "valueString": secrets.code},
        {"name": "token", "valueString": secrets.token},
        {"name": "expiry", "valueDateTime": "2027-01-01T09:29:23.356+00:00"},
    ]
    assert [invitation.patient_id for invitation in store.invitations] == [a_patient_id()]


async def test_uses_the_clock_of_the_container(container_in_memory: Container, issuer: Issuer) -> None:
    container_in_memory.system.clock.override(providers.Object(FixedClock(NOW, TODAY)))
    access_token = issuer.access_token(iat=NOW, exp=NOW + timedelta(minutes=5))
    async with client_of(container_in_memory.http.app()) as client:
        response = await client.post(
            OPERATION, headers=request_headers(access_token), content=asking_for(ADULT)
        )

    assert [entry.expiry for entry in answered(response)] == ["2027-01-01T09:29:23.356+00:00"]
