"""The running service introspects opaque tokens at a certified OAuth server."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from returns.result import Failure

from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import (
    DEFAULT_LIMITS,
    ClientSecret,
    IntrospectionAccessTokenVerifier,
    IntrospectionEndpoint,
)
from adapters.system import SystemClock
from application.ports.access import AccessTokenInvalid
from tests.integration.authorisation_server.arrangement import (
    ELSEWHERE,
    JWT,
    OTHER_SCOPE,
    SERVICE_ID,
    SERVICE_SECRET,
    call,
    challenge,
    service_trusting,
)
from tests.integration.http.support.call import answered
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, SCOPE
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import UNAVAILABLE, refusal_in
from tests.integration.node.oauth_server import OAuthServer, running_oauth_server
from tests.integration.oauth.stopwatch import Stopwatch
from tests.integration.service import Service

pytestmark = pytest.mark.full

INTROSPECTION = "/token/introspection"


@pytest.fixture(scope="module")
def oauth_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    settings = msgspec.structs.replace(JWT, format="opaque")
    with running_oauth_server(settings, tmp_path_factory.mktemp("oauth") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def service(
    oauth_server: OAuthServer, peopled_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Give a service that has its secret from a file."""
    directory = tmp_path_factory.mktemp("service")
    (directory / "secret").write_text(f"{SERVICE_SECRET}\n")
    settings = {
        "INVITATIONS_INTROSPECTION_URL": oauth_server.issuer + INTROSPECTION,
        "INVITATIONS_INTROSPECTION_CLIENT_ID": SERVICE_ID,
        "INVITATIONS_INTROSPECTION_CLIENT_SECRET_FILE": f"{directory}/secret",
    }
    with service_trusting(oauth_server.issuer, peopled_database_url, directory / "log", settings) as running:
        yield running


def test_an_active_token_authenticates_its_client(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE)

    response = call(service, access_token)

    assert [entry.identifier for entry in answered(response.raise_for_status())] == [ADULT]


def test_an_unknown_token_is_refused(service: Service) -> None:
    response = call(service, "made-up")

    assert challenge(response) == (401, '"invalid_token"')


def test_a_token_for_another_resource_is_refused(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE, resource=ELSEWHERE)

    response = call(service, access_token)

    assert challenge(response) == (401, '"invalid_token"')


def test_a_token_without_the_scope_is_refused(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=OTHER_SCOPE)

    response = call(service, access_token)

    assert challenge(response) == (403, f'"insufficient_scope", scope="{SCOPE}"')


def test_a_token_revoked_before_its_first_use_is_refused(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    oauth_server.revoke(CLIENT_ID, access_token)

    response = call(service, access_token)

    assert challenge(response) == (401, '"invalid_token"')


async def test_a_token_revoked_after_its_use_works_as_long_as_its_cached_answer(
    oauth_server: OAuthServer,
) -> None:
    stopwatch = Stopwatch()
    endpoint = IntrospectionEndpoint(
        oauth_server.issuer + INTROSPECTION, SERVICE_ID, ClientSecret(SERVICE_SECRET)
    )
    rules = AccessTokenRules(oauth_server.issuer, AUDIENCE)
    verifier = IntrospectionAccessTokenVerifier(endpoint, SystemClock(), stopwatch, rules)
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    before = await verifier.verify(access_token)
    oauth_server.revoke(CLIENT_ID, access_token)

    stopwatch.advance(DEFAULT_LIMITS.lifetime - 1)
    soon_after = await verifier.verify(access_token)
    stopwatch.advance(1)
    later = await verifier.verify(access_token)
    await verifier.aclose()

    assert before.unwrap().client_id == CLIENT_ID
    assert soon_after == before
    assert later == Failure(AccessTokenInvalid())


def test_callers_are_asked_to_retry_while_the_oauth_server_is_down(
    oauth_server: OAuthServer, service: Service
) -> None:
    presented, new = (oauth_server.access_token(CLIENT_ID, scope=SCOPE) for _ in range(2))
    call(service, presented).raise_for_status()

    with oauth_server.outage():
        of_a_moment_ago = call(service, presented)
        refused = call(service, new)

    assert of_a_moment_ago.status_code == 200
    assert refusal_in(refused) == UNAVAILABLE
    assert call(service, new).status_code == 200


def test_a_wrong_client_secret_is_an_outage_and_is_logged(
    oauth_server: OAuthServer, peopled_database_url: str, tmp_path: Path
) -> None:
    settings = {
        "INVITATIONS_INTROSPECTION_URL": oauth_server.issuer + INTROSPECTION,
        "INVITATIONS_INTROSPECTION_CLIENT_ID": SERVICE_ID,
        "INVITATIONS_INTROSPECTION_CLIENT_SECRET": "mistaken",
    }
    log = tmp_path / "log"
    with service_trusting(oauth_server.issuer, peopled_database_url, log, settings) as service:
        response = call(service, oauth_server.access_token(CLIENT_ID, scope=SCOPE))

    assert refusal_in(response) == UNAVAILABLE
    warnings = [line["message"] for line in service.log_lines() if line["level"] == "WARNING"]
    assert warnings == ["access token not introspected: the server answers with status 401"]


def test_the_log_shows_neither_tokens_nor_the_secret(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    call(service, access_token).raise_for_status()
    with oauth_server.outage():
        call(service, "made-up")

    logged = service.log.read_text()

    assert "access token not introspected" in logged
    assert not {word for word in (access_token, "made-up", SERVICE_SECRET, "Xanthippe") if word in logged}
