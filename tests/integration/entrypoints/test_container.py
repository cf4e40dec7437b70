"""The container assembles the application, and opens nothing before its first use."""

from pathlib import Path

import pytest

from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import IntrospectionAccessTokenVerifier
from adapters.oauth.jwt import JwtAccessTokenVerifier
from entrypoints.container import Container
from tests.integration.entrypoints.a_setup import INTROSPECTION, REQUIRED, settings_of
from tests.integration.entrypoints.watched import seen_while_running

RESOLVE_ALL = """
from entrypoints.container import Container
from entrypoints.settings import read_settings

for environment in {environments!r}:
    container = Container(settings=read_settings(environment, to_serve=True).unwrap())
    parts = [container.system, container.telemetry, container.storage, container.security, container.observed]
    parts += [container.administration, container.operations, container.grpc, container.http]
    resolved = [provider() for part in parts for provider in part.container.providers.values()]
    assert len(resolved) > 50
"""


def test_every_part_is_made_without_opening_anything(tmp_path: Path) -> None:
    several = [
        {"INVITATIONS_DATABASE_URL": "sqlite+aiosqlite:///x.db"},
        {"INVITATIONS_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:9/x"},
        INTROSPECTION,
    ]

    code = RESOLVE_ALL.format(environments=[{**REQUIRED, **each} for each in several])
    seen = seen_while_running(code, tmp_path)

    assert seen == []
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        pytest.param({}, JwtAccessTokenVerifier, id="jwt"),
        pytest.param(INTROSPECTION, IntrospectionAccessTokenVerifier, id="opaque"),
    ],
)
def test_the_settings_choose_the_verifier(environment: dict[str, str], kind: type) -> None:
    container = Container(settings=settings_of(environment))

    verifier = container.security.access_token_verifier()

    assert type(verifier) is kind
    assert verifier is container.security.access_token_verifier()


@pytest.mark.parametrize("required", [False, True], ids=["any", "at+jwt"])
def test_the_type_at_jwt_is_required_if_that_is_set(*, required: bool) -> None:
    container = Container(settings=settings_of({"INVITATIONS_REQUIRE_AT_JWT": str(required)}))

    rules = container.security.access_token_rules()

    assert rules == AccessTokenRules("https://login.example/realm", "http://127.0.0.1:8080/fhir", required)


def test_the_minimum_age_is_the_one_that_is_set() -> None:
    container = Container(settings=settings_of({"INVITATIONS_MINIMUM_AGE": "18"}))

    assert container.operations.eligibility_policy().minimum_age == 18


def test_a_part_is_made_once() -> None:
    container = Container(settings=settings_of({}))

    assert container.storage.database() is container.storage.database()


def test_two_containers_share_nothing() -> None:
    one, other = (Container(settings=settings_of({})) for _ in range(2))

    assert one.storage.database() is not other.storage.database()
