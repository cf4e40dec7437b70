"""A service and a certified OAuth server, for tools that know neither us nor each other."""

from collections.abc import Iterator

import pytest

from tests.integration.authorisation_server.arrangement import JWT, OTHER_SCOPE, service_trusting
from tests.integration.http.support.issuer import AUDIENCE, CLIENT_ID, SCOPE
from tests.integration.node.oauth_server import OAuthServer, running_oauth_server
from tests.integration.service import Service


@pytest.fixture(scope="session")
def oauth_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    with running_oauth_server(JWT, tmp_path_factory.mktemp("oauth") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def service(
    oauth_server: OAuthServer, peopled_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with service_trusting(oauth_server.issuer, peopled_database_url, log, {}) as running:
        yield running


@pytest.fixture(scope="session")
def access_token(oauth_server: OAuthServer) -> str:
    """Give a token for either operation."""
    return oauth_server.access_token(CLIENT_ID, scope=f"{SCOPE} {OTHER_SCOPE}", resource=AUDIENCE)
