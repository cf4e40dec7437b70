"""The scope, the lifetime and the token keys of an idempotency record."""

import base64
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from adapters.sql.tables import audit_event, remembered_request
from adapters.system import SystemClock
from domain.access import Grant
from domain.identifiers import RequestedIdentifier
from domain.organisations import Organisation, OrganisationId
from entrypoints.container import Container
from tests.integration.commands.shell import invitations
from tests.integration.http.support.call import (
    OPERATION,
    Changes,
    answered,
    asking_for,
    request_headers,
)
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import ADULT, CROWD, HOSPITAL
from tests.integration.http.support.refused import refusal_in, refused
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.sql.rows import rows

pytestmark = ON_EACH_DATABASE

REPLAYED = "Idempotent-Replayed"
OTHER_CLIENT = "kiosk-in-the-hall"
OTHER_HOSPITAL = OrganisationId(UUID("4a9f4b3d-7f6c-4c2e-8d88-94d6f703ea24"))
KEY_GONE = refused(
    422,
    "conflict",
    "The first answer cannot be given again, and nothing new was issued. Send a new key.",
    header="Idempotency-Key",
)


def _ring(environment: Mapping[str, str], *, with_old_key: bool) -> Mapping[str, str]:
    """Let a new key sign."""
    new = f"new:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    old = [environment["INVITATIONS_TOKEN_KEYS"]] if with_old_key else []
    return {**environment, "INVITATIONS_TOKEN_KEYS": ",".join([new, *old])}


async def _ask(
    environment: Mapping[str, str],
    issuer: Issuer,
    key: str,
    *identifiers: RequestedIdentifier,
    client_id: str = CLIENT_ID,
    changes: Changes | None = None,
) -> httpx.Response:
    """Call an application of these settings."""
    headers = request_headers(
        issuer.access_token(client_id=client_id), {"Idempotency-Key": key, **(changes or {})}
    )
    async with open_container(environment) as container, client_of(container.http.app()) as client:
        return await client.post(OPERATION, headers=headers, content=asking_for(*identifiers))


@pytest.fixture
def key() -> str:
    """Give a key that no other test uses."""
    return uuid4().hex


@pytest.fixture
async def others(container: Container) -> None:
    """Let there be another client, and another hospital without patients."""
    await container.administration.add_organisation()(Organisation(OTHER_HOSPITAL, "Another hospital"))
    for grant in (Grant(OTHER_CLIENT, HOSPITAL), Grant(CLIENT_ID, OTHER_HOSPITAL)):
        (await container.administration.grant_access()(grant)).unwrap()


@pytest.mark.usefixtures("others")
async def test_another_client_has_keys_of_its_own(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    first = await _ask(environment, issuer, key, ADULT)

    others = [
        await _ask(environment, issuer, key, CROWD[1], client_id=OTHER_CLIENT),
        await _ask(environment, issuer, key, ADULT),
        await _ask(environment, issuer, key, CROWD[1], client_id=OTHER_CLIENT),
    ]

    assert [other.status_code for other in others] == [200] * 3
    assert [other.headers.get(REPLAYED) for other in others] == [None, "true", "true"]
    assert others[1].content == first.content
    assert others[0].content == others[2].content != first.content


@pytest.mark.usefixtures("others")
async def test_a_client_has_other_keys_for_another_organisation(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    first = await _ask(environment, issuer, key, ADULT)
    elsewhere = {"X-Org-Public-Id": str(OTHER_HOSPITAL)}

    other = await _ask(environment, issuer, key, ADULT, changes=elsewhere)
    again = await _ask(environment, issuer, key, ADULT)

    assert (other.content, REPLAYED in other.headers) == (b'{"resourceType":"Parameters"}', False)
    assert again.content == first.content


@pytest.mark.usefixtures("others")
async def test_a_caller_whose_grant_was_revoked_gets_no_replay(
    environment: Mapping[str, str], issuer: Issuer, container: Container, key: str
) -> None:
    grant = Grant(OTHER_CLIENT, HOSPITAL)
    await _ask(environment, issuer, key, ADULT, client_id=OTHER_CLIENT)

    (await container.administration.revoke_access()(grant)).unwrap()
    revoked = await _ask(environment, issuer, key, ADULT, client_id=OTHER_CLIENT)

    assert (revoked.status_code, REPLAYED in revoked.headers) == (403, False)


async def test_answers_are_the_same_from_another_application_under_another_key_of_the_ring(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    first = await _ask(environment, issuer, key, *CROWD[:20])

    rotated = _ring(environment, with_old_key=True)
    again = await _ask(rotated, issuer, key, *CROWD[:20])
    anew = await _ask(rotated, issuer, f"{key}-2", *CROWD[:20])

    assert (again.content, again.headers[REPLAYED]) == (first.content, "true")
    assert {each.code for each in answered(anew)}.isdisjoint({each.code for each in answered(first)})


async def test_nothing_is_issued_when_the_key_of_the_first_answer_is_retired(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    first = await _ask(environment, issuer, key, ADULT)

    refusal = await _ask(_ring(environment, with_old_key=False), issuer, key, ADULT)
    again = await _ask(environment, issuer, key, ADULT)

    assert refusal_in(refusal) == KEY_GONE
    assert again.content == first.content


async def test_an_answer_under_a_new_key_is_refused_where_only_the_old_one_is_known(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    await _ask(_ring(environment, with_old_key=True), issuer, key, ADULT)

    assert refusal_in(await _ask(environment, issuer, key, ADULT)) == KEY_GONE


@pytest.mark.parametrize(
    ("hours", "age", "is_remembered"),
    [
        pytest.param("24", timedelta(hours=23), True, id="a_day_not_over"),
        pytest.param("24", timedelta(hours=25), False, id="a_day_over"),
        pytest.param("48", timedelta(hours=25), True, id="two_days_not_over"),
        pytest.param("1", timedelta(minutes=61), False, id="an_hour_over"),
    ],
)
async def test_a_request_is_remembered_for_as_long_as_is_set(
    environment: Mapping[str, str],
    issuer: Issuer,
    key: str,
    hours: str,
    age: timedelta,
    *,
    is_remembered: bool,
) -> None:
    settings = {**environment, "INVITATIONS_IDEMPOTENCY_KEY_HOURS": hours}
    first = await _ask(settings, issuer, key, ADULT)
    await _let_all_be_issued_earlier(environment, age)

    second = await _ask(settings, issuer, key, ADULT)

    assert (second.content == first.content) is is_remembered
    assert (REPLAYED in second.headers) is is_remembered


@pytest.mark.full
async def test_a_purge_forgets_what_can_no_longer_be_sent_again(
    environment: Mapping[str, str], issuer: Issuer, key: str, tmp_path: Path
) -> None:
    url = environment["INVITATIONS_DATABASE_URL"]
    await _ask(environment, issuer, f"{key}-old", ADULT)
    await _let_all_be_issued_earlier(environment, timedelta(hours=25))
    kept = await _ask(environment, issuer, f"{key}-new", ADULT)

    purged = invitations(tmp_path, "purge", "--expired-before", "2000-01-01", settings=environment)

    assert (purged.code, purged.output) == (0, "Deleted 0 invitations.\n")
    stored = await rows(url, select(remembered_request.c.kept_until))
    assert min(kept_until for [kept_until] in stored) > SystemClock().instant()
    assert (await _ask(environment, issuer, f"{key}-new", ADULT)).content == kept.content


async def test_a_request_over_the_limit_can_be_sent_again_under_its_key(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    limited = {**environment, "INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE": "1"}
    headers = request_headers(issuer.access_token(), {"Idempotency-Key": key})
    async with open_container(limited) as container, client_of(container.http.app()) as client:
        await client.post(
            OPERATION, headers=request_headers(issuer.access_token()), content=asking_for(ADULT)
        )
        throttled = await client.post(OPERATION, headers=headers, content=asking_for(ADULT))

    later = await _ask(environment, issuer, key, ADULT)

    assert (throttled.status_code, later.status_code, REPLAYED in later.headers) == (429, 200, False)


async def test_replays_and_refused_keys_are_recorded(
    environment: Mapping[str, str], issuer: Issuer, key: str
) -> None:
    for identifiers in ([ADULT], [ADULT], [CROWD[1]]):
        await _ask(environment, issuer, key, *identifiers)

    columns = [
        audit_event.c[name] for name in ("outcome", "issued", "request_id", "replayed_request_id", "patients")
    ]
    newest = select(*columns).order_by(audit_event.c.id.desc()).limit(3)
    refusal, again, first = await rows(environment["INVITATIONS_DATABASE_URL"], newest)
    assert [each.outcome for each in (first, again, refusal)] == [
        "carried-out",
        "answered-again",
        "idempotency-key-refused",
    ]
    assert [each.issued for each in (first, again, refusal)] == [1, 0, 0]
    assert [each.replayed_request_id for each in (first, again, refusal)] == [None, first.request_id, None]
    assert again.patients["answered"] == first.patients["issued"] != []


async def _let_all_be_issued_earlier(environment: Mapping[str, str], age: timedelta) -> None:
    url = environment["INVITATIONS_DATABASE_URL"]
    table = remembered_request.c
    issued_at = SystemClock().instant() - age
    for each in await rows(url, select(table.key_digest, table.issued_at, table.kept_until)):
        earlier = {"issued_at": issued_at, "kept_until": issued_at + (each.kept_until - each.issued_at)}
        is_this = table.key_digest == each.key_digest
        await rows(url, update(remembered_request).where(is_this).values(earlier))
