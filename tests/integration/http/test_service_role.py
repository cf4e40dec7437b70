"""The service does its work with the rights that the documentation gives it, and has no others.

On PostgreSQL alone: SQLite knows no roles.
"""

import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import Connection, Executable, delete, insert, make_url, select, text, update
from sqlalchemy.exc import ProgrammingError

from adapters.sql.tables import (
    audit_event,
    client_grant,
    invitation,
    patient,
    patient_change,
    redemption_grant,
    remembered_request,
)
from tests import fhir_builders
from tests.builders import NOW, TODAY
from tests.integration.architecture.source import ROOT
from tests.integration.http.support.call import OPERATION as GENERATE
from tests.integration.http.support.call import answered, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, HOSPITAL, REDEEMERS
from tests.integration.http.support.portal import CLAIM, CONFIRM, out_of, parameters, typed
from tests.integration.on_each_database import ON_POSTGRESQL
from tests.integration.sql.rows import on_connection, rows

pytestmark = ON_POSTGRESQL

STATUS = "/fhir/Patient/$status-query"
INVITATION_STATUS = "/fhir/Patient/$invitation-status"
REVOKE = "/fhir/Patient/$revoke-invitations"
GRANTS = re.findall(r"^GRANT .*;$", (ROOT / "docs" / "operations" / "database.md").read_text(), re.MULTILINE)
PASSWORD = "for-these-tests-alone"


@pytest.fixture
async def url_of_role(environment: Mapping[str, str]) -> AsyncIterator[str]:
    """Make the role of the documentation, and give the URL by which it connects."""
    url = environment["INVITATIONS_DATABASE_URL"]

    def make(connection: Connection) -> None:
        connection.execute(text(f"CREATE ROLE service LOGIN PASSWORD '{PASSWORD}'"))
        for grant in GRANTS:
            connection.execute(text(grant))

    await on_connection(url, make)
    as_role = make_url(url).set(username="service", password=PASSWORD)
    yield as_role.render_as_string(hide_password=False)
    await rows(url, text("DROP OWNED BY service"))
    await rows(url, text("DROP ROLE service"))


@pytest.fixture
async def service(url_of_role: str, environment: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the application that connects as the role."""
    as_role = {**environment, "INVITATIONS_DATABASE_URL": url_of_role}
    async with open_container(as_role) as container, client_of(container.http.app()) as client:
        yield client


async def test_the_service_is_ready(service: httpx.AsyncClient) -> None:
    answer = await service.get("/health/ready")

    assert answer.json() == {"status": "ready"}


@pytest.mark.parametrize("path", [GENERATE, STATUS])
async def test_the_operations_are_carried_out(service: httpx.AsyncClient, issuer: Issuer, path: str) -> None:
    answer = await service.post(path, headers=_headers(issuer), content=asking_for(ADULT))

    assert answer.status_code == HTTPStatus.OK


async def test_a_refused_call_is_recorded(
    service: httpx.AsyncClient, issuer: Issuer, environment: Mapping[str, str]
) -> None:
    headers = request_headers(issuer.access_token(scope="none"))

    await service.post(GENERATE, headers=headers, content=asking_for(ADULT))

    outcomes = select(audit_event.c.outcome).order_by(audit_event.c.id.desc()).limit(1)
    assert [*await rows(environment["INVITATIONS_DATABASE_URL"], outcomes)] == [("scope-missing",)]


async def test_a_request_is_answered_again_and_forgotten_in_time(
    service: httpx.AsyncClient, issuer: Issuer, environment: Mapping[str, str]
) -> None:
    url = environment["INVITATIONS_DATABASE_URL"]
    headers = [*_headers(issuer), ("Idempotency-Key", "of-the-role")]

    first = await service.post(GENERATE, headers=headers, content=asking_for(ADULT))
    second = await service.post(GENERATE, headers=headers, content=asking_for(ADULT))
    await rows(url, update(remembered_request).values(kept_until=NOW.replace(year=2020)))
    third = await service.post(GENERATE, headers=headers, content=asking_for(ADULT))

    assert first.content == second.content
    assert third.content != first.content


@pytest.mark.parametrize("path", [INVITATION_STATUS, REVOKE])
async def test_invitations_are_found_and_revoked_by_their_batch(
    service: httpx.AsyncClient, issuer: Issuer, path: str
) -> None:
    headers = [*_headers(issuer), ("Idempotency-Key", f"of {path}".replace(" ", "-"))]
    generated = await service.post(GENERATE, headers=headers, content=asking_for(ADULT))
    batch = {"name": "batch", "valueString": generated.headers["Invitation-Batch"]}
    reason = [{"name": "reason", "valueCode": "other"}] if path == REVOKE else []

    answer = await service.post(path, headers=headers, content=fhir_builders.parameters(batch, *reason))

    assert answer.status_code == HTTPStatus.OK


async def test_an_invitation_is_redeemed(service: httpx.AsyncClient, issuer: Issuer) -> None:
    portal = {"Authorization": f"Bearer {issuer.portal_token()}", "Content-Type": "application/fhir+json"}
    invited = await service.post(GENERATE, headers=_headers(issuer), content=asking_for(REDEEMERS[12]))
    [entry] = answered(invited)

    wrong = await service.post(CLAIM, headers=portal, content=typed(entry.code, entry.token, "1980-04-02"))
    claimed = await service.post(CLAIM, headers=portal, content=typed(entry.code, entry.token))
    claim = parameters(claim={"valueString": out_of(claimed)["claim"]})
    confirmed = await service.post(CONFIRM, headers=portal, content=claim)

    assert (wrong.status_code, confirmed.status_code) == (422, 200)


async def test_without_a_right_calls_are_asked_to_retry_and_the_service_is_not_ready(
    service: httpx.AsyncClient, issuer: Issuer, environment: Mapping[str, str]
) -> None:
    await rows(environment["INVITATIONS_DATABASE_URL"], text("REVOKE INSERT ON audit_event FROM service"))

    answer = await service.post(GENERATE, headers=_headers(issuer), content=asking_for(ADULT))
    ready = await service.get("/health/ready")

    assert (answer.status_code, ready.status_code) == (503, 503)
    assert ready.json()["problems"] == [
        "the role service lacks INSERT on audit_event: grant it (docs/operations/database.md#roles)"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(update(audit_event).values(client_id="nobody"), id="change-the-record"),
        pytest.param(delete(audit_event), id="delete-from-the-record"),
        pytest.param(select(audit_event), id="read-the-record"),
        pytest.param(update(invitation).values(key_id="none"), id="change-an-invitation"),
        pytest.param(update(remembered_request).values(key_id="none"), id="change-a-request"),
        pytest.param(delete(invitation), id="delete-an-invitation"),
        pytest.param(
            insert(client_grant).values(client_id="me", organisation_id=HOSPITAL.value), id="grant-itself"
        ),
        pytest.param(update(patient).values(deceased=False), id="change-a-patient"),
        pytest.param(update(patient).values(date_of_birth=TODAY), id="change-a-date-of-birth"),
        pytest.param(update(invitation).values(expires_at=NOW), id="prolong-an-invitation"),
        pytest.param(insert(redemption_grant).values(client_id="me"), id="let-itself-redeem"),
        pytest.param(select(patient_change), id="read-the-changes-of-a-patient"),
    ],
)
async def test_the_role_may_not(url_of_role: str, statement: Executable) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        await rows(url_of_role, statement)


def _headers(issuer: Issuer) -> list[tuple[str, str]]:
    return request_headers(issuer.access_token(scope="system/Organization.write system/Patient.read"))
