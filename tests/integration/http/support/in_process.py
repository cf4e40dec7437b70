"""The application without a process and a network of its own, so that a test can replace its ports."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
from dependency_injector import providers

from adapters.http.bodies import AsgiApp
from domain.access import RedemptionGrant
from domain.identifiers import PatientIdentifier
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.builders import a_grant, a_report, reported
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.grant_repository import InMemoryGrants, InMemoryRedemptionGrants
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.readiness_check import FixedReadiness
from tests.fakes.redemption_repository import InMemoryRedemptions
from tests.integration.http.support.issuer import CLIENT_ID, PORTAL_ID
from tests.integration.http.support.judge import judge_response_in_process
from tests.integration.http.support.people import ADULT, HOSPITAL


@asynccontextmanager
async def open_container(environment: Mapping[str, str]) -> AsyncIterator[Container]:
    """Give a container set up by these settings; it is closed at the end."""
    container = Container(settings=read_settings(environment, to_serve=True).unwrap())
    yield container
    await container.security.signing_keys().aclose()
    await container.security.issuer_description().aclose()
    await container.storage.database().close()


async def keep_in_memory(container: Container) -> None:
    """Put fakes for the ports to the database; the hospital has one patient, `ADULT`."""
    register = InMemoryPatientReportRepository()
    identifier = PatientIdentifier.parse(ADULT.system, ADULT.value).unwrap()
    await reported(register, a_report(identifier), organisation_id=HOSPITAL)
    grants = InMemoryGrants(a_grant(CLIENT_ID, HOSPITAL))
    container.storage.schema.override(providers.Object(FixedReadiness()))
    container.security.organisation_grants.override(providers.Object(grants))
    container.storage.patient_repository.override(providers.Object(InMemoryPatientRepository(register)))
    trail = InMemoryAuditRepository()
    container.storage.audit_repository.override(providers.Object(trail))
    invitations = InMemoryInvitationRepository(trail)
    container.storage.invitation_repository.override(providers.Object(invitations))
    portals = InMemoryRedemptionGrants(RedemptionGrant(PORTAL_ID))
    container.security.redemption_grants.override(providers.Object(portals))
    redemptions = InMemoryRedemptions(invitations, register)
    container.storage.redemption_repository.override(providers.Object(redemptions))


@asynccontextmanager
async def client_of(app: AsgiApp, *, judged: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the application, whose every answer is judged unless that would take too long."""
    transport = httpx.ASGITransport(app=cast("Any", app))
    hooks = {"response": [judge_response_in_process]} if judged else {}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://service.test", event_hooks=hooks
    ) as client:
        yield client
