"""A service with both transports, and patients in its database."""

import asyncio
import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from domain.patient_reports import PatientReport
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.grpc.support.client import grpc_client
from tests.integration.http.support import people
from tests.integration.http.support.in_process import open_container
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, SCOPE, STATUS_SCOPE, Issuer
from tests.integration.service import Service
from tests.integration.transports.grpc_transport import GrpcTransport
from tests.integration.transports.http_transport import HttpTransport
from tests.integration.transports.transport import Access, Transport

TRANSPORTS = ("http", "grpc")


def settings_on(database_url: str, issuer: Issuer, directory: Path) -> Mapping[str, str]:
    """Give the settings of a service whose callers get their tokens from `issuer`."""
    issuer.publish(directory / "jwks.json")
    return {
        "INVITATIONS_DATABASE_URL": database_url,
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{directory}/jwks.json",
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


def populate(environment: Mapping[str, str]) -> None:
    """Put the hospitals and patients of the suite into the database."""
    asyncio.run(people.bring_in(Container(settings=read_settings(environment, to_serve=True).unwrap())))


def report(environment: Mapping[str, str], said: PatientReport) -> None:
    """Let the hospital report a patient."""

    async def import_it() -> None:
        async with open_container(environment) as container:
            await people.report(container, [said])

    asyncio.run(import_it())


@contextmanager
def open_transport(name: str, service: Service) -> Iterator[Transport]:
    """Connect to a service over one of its transports."""
    if name == "grpc":
        with grpc_client(service.grpc_port) as client:
            yield GrpcTransport(client)
    else:
        with httpx.Client(base_url=service.url, timeout=30) as client:
            yield HttpTransport(client)


def access_of(issuer: Issuer, **changes: object) -> Access:
    """Give the headers of the client that has the grant. Keyword arguments change the claims of its token."""
    claims = {"scope": f"{SCOPE} {STATUS_SCOPE}", **changes}
    return Access((f"Bearer {issuer.access_token(**claims)}",))
