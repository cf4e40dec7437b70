"""The running service accepts the JSON Web Tokens of a certified OAuth server, and no others."""

import time
from collections.abc import Iterator

import msgspec
import pytest

from adapters.oauth.cached_signing_keys import DEFAULT_LIMITS
from tests.integration.authorisation_server.arrangement import (
    ELSEWHERE,
    JWT,
    OTHER_SCOPE,
    call,
    challenge,
    service_trusting,
)
from tests.integration.http.support.call import answered
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, SCOPE
from tests.integration.http.support.people import ADULT
from tests.integration.node.oauth_server import (
    OPENID_DISCOVERY,
    RFC_8414,
    OAuthServer,
    running_oauth_server,
)
from tests.integration.service import Service

pytestmark = pytest.mark.full

AT_JWT_ONLY = {"INVITATIONS_REQUIRE_AT_JWT": "true"}


@pytest.fixture(scope="module")
def oauth_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    with running_oauth_server(JWT, tmp_path_factory.mktemp("oauth") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def service(
    oauth_server: OAuthServer, peopled_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with service_trusting(oauth_server.issuer, peopled_database_url, log, AT_JWT_ONLY) as running:
        yield running


@pytest.mark.parametrize("metadata", [RFC_8414, OPENID_DISCOVERY], ids=["RFC-8414", "OpenID"])
def test_a_caller_is_authenticated_with_either_kind_of_metadata(
    peopled_database_url: str, tmp_path_factory: pytest.TempPathFactory, metadata: str
) -> None:
    directory = tmp_path_factory.mktemp("discovery")
    settings = msgspec.structs.replace(JWT, metadata=metadata)
    with (
        running_oauth_server(settings, directory / "oauth.log") as oauth_server,
        service_trusting(oauth_server.issuer, peopled_database_url, directory / "log", {}) as service,
    ):
        response = call(service, oauth_server.access_token(CLIENT_ID, scope=SCOPE, resource=AUDIENCE))

    assert [entry.identifier for entry in answered(response.raise_for_status())] == [ADULT]


def test_a_token_for_another_resource_is_refused(oauth_server: OAuthServer, service: Service) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE, resource=ELSEWHERE)

    response = call(service, access_token)

    assert challenge(response) == (401, '"invalid_token"')


@pytest.mark.parametrize("scope", ["", OTHER_SCOPE, "made.up"], ids=["none", "other", "unheard-of"])
def test_a_token_without_the_scope_is_refused(
    oauth_server: OAuthServer, service: Service, scope: str
) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=scope, resource=AUDIENCE)

    response = call(service, access_token)

    assert challenge(response) == (403, f'"insufficient_scope", scope="{SCOPE}"')


def test_cached_keys_serve_while_the_oauth_server_is_down(
    oauth_server: OAuthServer, service: Service
) -> None:
    access_token = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    call(service, access_token).raise_for_status()

    with oauth_server.outage():
        response = call(service, access_token)

    assert response.status_code == 200


def test_after_a_rotation_tokens_of_both_keys_are_accepted(
    oauth_server: OAuthServer, service: Service
) -> None:
    old = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    call(service, old).raise_for_status()
    oauth_server.rotate()
    new = oauth_server.access_token(CLIENT_ID, scope=SCOPE)
    time.sleep(DEFAULT_LIMITS.floor)  # the keys are not fetched again before this time

    statuses = [call(service, access_token).status_code for access_token in (new, old)]

    assert statuses == [200, 200]
    assert new.partition(".")[0] != old.partition(".")[0]
