"""Numbers, dates of birth, codes, tokens, keys and passwords appear only where they must."""

import asyncio
import base64
from collections.abc import Callable, Mapping

import pytest

from application.authorise_caller import AccessRequest
from domain.idempotency import IdempotencyKey
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.builders import ADULT as BORN
from tests.builders import NHS
from tests.integration.http.support.call import Caller
from tests.integration.http.support.exposure import Exposure
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD, INELIGIBLE, bring_in
from tests.integration.http.support.secret_calls import BASIC, KEY, PASSWORD, UNTYPABLE
from tests.integration.http.support.secret_commands import run_commands, run_in_a_process
from tests.integration.http.support.secret_services import (
    CLIENT_SECRET,
    DATABASE_PASSWORD,
    break_database,
    call_one_that_works,
    call_one_without_its_database,
    call_what_is_broken,
    call_within_limits_and_beyond,
    kill_under_a_call,
    one_that_breaks,
)
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import Service

pytestmark = pytest.mark.full

PLACES = (
    "log",
    "refusals",
    "records",
    "database",
    "exported audit events",
    "what commands say",
    "process arguments",
)
KINDS = (
    "patient identifiers",
    "dates of birth",
    "identifier systems",
    "what a caller made up",
    "codes and tokens",
    "access tokens",
    "signatures",
    "idempotency keys",
    "token keys",
    "passwords",
)
KEPT = {("database", kind) for kind in ("patient identifiers", "dates of birth", "identifier systems")}
"""What the tables of patients are for; the records of calls and invitations are looked at apart."""


def _hide_what_is_known_beforehand(exposure: Exposure, environment: Mapping[str, str]) -> None:
    key = environment["INVITATIONS_TOKEN_KEYS"].partition(":")[2]
    exposure.hide("patient identifiers", *(each.value for each in (*CROWD, *INELIGIBLE)))
    exposure.hide("dates of birth", BORN.isoformat(), repr(BORN))
    exposure.hide("identifier systems", NHS.value)
    exposure.hide("what a caller made up", UNTYPABLE)
    exposure.hide("access tokens", PASSWORD, BASIC)
    exposure.hide("idempotency keys", KEY)
    exposure.hide("token keys", key, base64.b64decode(key).decode("latin-1"))


@pytest.fixture(scope="module")
def exposure(
    environment: Mapping[str, str],
    new_database_url: Callable[[], str],
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Exposure:
    """Give all that can be seen of services and commands that were used, misused, broken and killed."""
    exposure, directory = Exposure(), tmp_path_factory.mktemp("leaks")
    _hide_what_is_known_beforehand(exposure, environment)
    breaking = {**environment, "INVITATIONS_DATABASE_URL": new_database_url()}
    url = f"postgresql+asyncpg://service:{DATABASE_PASSWORD}@127.0.0.1:9/invitations"
    lost = {**environment, "INVITATIONS_DATABASE_URL": url}

    carried_out, refused = call_one_that_works(exposure, directory, environment, issuer)
    assert {*carried_out} == {200}
    assert {status // 100 for status in refused} == {4}
    # and one as a probe
    assert "".join(exposure.shown["log"]).count('"message":"request"') == len(carried_out + refused) + 1
    assert run_commands(exposure, directory, environment) == [0, 1, 1, 1, *[0] * 7, 1, 0, 0]
    asyncio.run(bring_in(Container(settings=read_settings(breaking, to_serve=True).unwrap())))
    with one_that_breaks(exposure, directory, breaking) as (service, caller):
        assert call_within_limits_and_beyond(exposure, caller) == [200, 429, 401]
        asyncio.run(break_database(breaking["INVITATIONS_DATABASE_URL"]))
        assert call_what_is_broken(exposure, caller) == [500, 500, 500]
        kill_under_a_call(service, caller)
    assert run_in_a_process(exposure, directory, breaking) == 1
    assert call_one_without_its_database(exposure, directory, lost, issuer) == [503, 503, 503]
    assert {*run_commands(exposure, directory, lost)} == {1}
    for settings in (environment, breaking):
        asyncio.run(exposure.show_database(settings["INVITATIONS_DATABASE_URL"]))
    return exposure


@pytest.mark.parametrize("kind", KINDS)
@ON_EACH_DATABASE
def test_there_is_something_to_hide_of_each_kind(exposure: Exposure, kind: str) -> None:
    assert exposure.secrets[kind]


@pytest.mark.parametrize("place", PLACES)
@ON_EACH_DATABASE
def test_every_output_holds_something(exposure: Exposure, place: str) -> None:
    assert "".join(exposure.shown[place]).strip()


@pytest.mark.parametrize(
    ("place", "kind"),
    [(place, kind) for place in PLACES for kind in KINDS if (place, kind) not in KEPT],
)
@ON_EACH_DATABASE
def test_no_output_holds_a_secret(exposure: Exposure, place: str, kind: str) -> None:
    assert exposure.found(place, kind) == []


@pytest.mark.parametrize(("place", "kind"), sorted(KEPT))
@ON_EACH_DATABASE
def test_the_search_finds_stored_secrets(exposure: Exposure, place: str, kind: str) -> None:
    assert exposure.found(place, kind)


def test_logs_no_method_that_a_caller_made_up(service: Service, caller: Caller) -> None:
    caller.call(method=UNTYPABLE, changes={"X-Request-Id": "made-up-method"})

    assert UNTYPABLE not in str(service.log_line("made-up-method"))


def test_the_repr_of_the_settings_shows_no_secret(lost_environment: Mapping[str, str]) -> None:
    url = f"postgresql+asyncpg://service:{DATABASE_PASSWORD}@127.0.0.1:9/invitations"
    introspection = {
        "INVITATIONS_INTROSPECTION_URL": "https://login.test.invalid/introspect",
        "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
        "INVITATIONS_INTROSPECTION_CLIENT_SECRET": CLIENT_SECRET,
    }
    environment = {**lost_environment, **introspection, "INVITATIONS_DATABASE_URL": url}
    key = lost_environment["INVITATIONS_TOKEN_KEYS"].partition(":")[2]
    settings = read_settings(environment, to_serve=True).unwrap()

    shown = repr(settings) + repr(settings.token_keys) + str(settings.database_url)

    secrets = (DATABASE_PASSWORD, CLIENT_SECRET, key, repr(base64.b64decode(key)))
    assert [secret for secret in secrets if secret in shown] == []


def test_the_repr_of_a_callers_credentials_shows_nothing(issuer: Issuer) -> None:
    access_token = issuer.access_token()

    shown = repr(AccessRequest(access_token, None)) + repr(IdempotencyKey(KEY))

    assert [secret for secret in (access_token, KEY) if secret in shown] == []
