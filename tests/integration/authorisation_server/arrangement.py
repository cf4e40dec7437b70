"""The matching settings of the OAuth server and the service."""

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.integration.http.support.call import Caller
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, PORTAL_ID, REDEEM_SCOPE, SCOPE
from tests.integration.http.support.judge import judge_response
from tests.integration.node.oauth_server import OAuthSettings
from tests.integration.service import Service, running_service

ELSEWHERE = "https://elsewhere.test.invalid"
OTHER_SCOPE = "system/Patient.read"
SERVICE_ID = "invitations service"
SERVICE_SECRET = "Xanthippe: 100% +/&="
"""Full of characters that have to be encoded."""

JWT = OAuthSettings(
    audiences=[AUDIENCE, ELSEWHERE],
    scopes=[SCOPE, OTHER_SCOPE, REDEEM_SCOPE],
    clients={
        CLIENT_ID: secrets.token_urlsafe(),
        PORTAL_ID: secrets.token_urlsafe(),
        SERVICE_ID: SERVICE_SECRET,
    },
)


@contextmanager
def service_trusting(
    issuer: str, database_url: str, log: Path, settings: Mapping[str, str]
) -> Iterator[Service]:
    """Run a service that takes this issuer's tokens."""
    required = {
        "INVITATIONS_DATABASE_URL": database_url,
        "INVITATIONS_ISSUER": issuer,
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    with running_service({**required, **settings}, log) as running:
        yield running


def call(service: Service, access_token: str) -> httpx.Response:
    """Ask for an invitation of the patient who may have one."""
    with httpx.Client(base_url=service.url, event_hooks={"response": [judge_response]}, timeout=30) as client:
        return Caller(client, access_token).call()


def challenge(response: httpx.Response) -> tuple[int, str]:
    """Give the status and the error that a refused caller's client library looks at."""
    return response.status_code, response.headers["WWW-Authenticate"].partition("error=")[2]
