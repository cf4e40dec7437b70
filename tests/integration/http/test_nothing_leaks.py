"""Numbers, codes, tokens and keys stay out of the log, of refusals, of the database and of sight."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from application.authorise_caller import AccessRequest
from domain.requested_identifiers import RequestedIdentifier
from entrypoints.settings import read_settings
from tests.builders import ADULT as BORN
from tests.builders import NHS
from tests.integration.http.support.call import (
    OPERATION,
    STATUS_OPERATION,
    Caller,
    answered,
    asking_for,
    parameters,
    patient_identifier,
)
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.judge import judge_response
from tests.integration.http.support.people import ADULT, CROWD, INELIGIBLE
from tests.integration.service import Service, running_service

UNTYPABLE = "NO-NUMBER-OF-OURS"
PASSWORD = "OPEN-SESAME"
BASIC = "T1BFTi1TRVNBTUU="


class Traffic(Struct, frozen=True):
    """What went over the wire and into the log while a service was called in every way."""

    log: str
    refusals: str
    secrets: Mapping[str, list[str]]


def _refused(caller: Caller, forged: str) -> Iterator[httpx.Response]:
    number = ADULT.value
    elsewhere = RequestedIdentifier(number, UNTYPABLE)
    for body in (
        asking_for(elsewhere),
        asking_for(ADULT)[:-1],
        asking_for(ADULT) * 2,
        parameters(patient_identifier(ADULT, value=int(number))),
        parameters(patient_identifier(ADULT, **{number: UNTYPABLE})),
        parameters({"name": number, "valueString": UNTYPABLE}),
        parameters({"name": UNTYPABLE, number: number}),
        parameters({"name": "patientIdentifier", "valueString": number}),
        parameters(meta=number),
        asking_for(*[ADULT] * 501),
    ):
        yield caller.call(body)
    for header in ("Accept", "Content-Type", "Content-Encoding", "X-Org-Public-Id"):
        yield caller.call(changes={header: number})
    for authorization in (f"Basic {BASIC}", f"Bearer {PASSWORD}", f"Bearer {forged}", f"Bearer {number}"):
        yield caller.call(changes={"Authorization": authorization})
    for path in (f"/fhir/Patient/{number}", f"/fhir/Patient?identifier={number}", f"/{number}/fhir"):
        yield caller.call(path=path, changes={"X-Request-Id": f"no {number}"})
    for method in ("GET", "DELETE"):
        yield caller.call(method=method, path=f"{OPERATION}?identifier={number}")


@pytest.fixture(scope="module")
def traffic(
    environment: Mapping[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Traffic:
    log: Path = tmp_path_factory.mktemp("leaks") / "log"
    forged = Issuer().access_token()
    hooks = {"response": [judge_response]}
    with running_service({**environment, "INVITATIONS_LOG_LEVEL": "debug"}, log) as service:
        with httpx.Client(base_url=service.url, event_hooks=hooks, timeout=30) as client:
            caller = Caller(client, issuer.access_token())
            headers = {"User-Agent": ADULT.value}
            asked = asking_for(*CROWD[len(INELIGIBLE) :], *INELIGIBLE)
            invited = answered(caller.call(asked, headers).raise_for_status())
            caller.call(asked, headers, path=STATUS_OPERATION).raise_for_status()
            refusals = list(_refused(caller, forged))
        service.stop()
    assert {response.is_client_error for response in refusals} == {True}
    return Traffic(
        log.read_text(),
        "\n".join(f"{response.headers} {response.text}" for response in refusals),
        {
            "patient identifiers": [identifier.value for identifier in (*CROWD, *INELIGIBLE)],
            "what a caller made up": [UNTYPABLE],
            "codes and tokens": [secret for entry in invited for secret in (entry.code, entry.token)],
            "credentials": [caller.access_token, forged, PASSWORD, BASIC],
            "signatures": [caller.access_token.split(".")[2], forged.split(".")[2]],
            "token keys": [environment["INVITATIONS_TOKEN_KEYS"].partition(":")[2]],
            "identifier systems": [NHS.value],
            "dates of birth": [BORN.isoformat()],
        },
    )


KINDS = (
    "patient identifiers",
    "what a caller made up",
    "codes and tokens",
    "credentials",
    "signatures",
    "token keys",
    "identifier systems",
    "dates of birth",
)


def test_there_is_something_to_hide_of_each_kind(traffic: Traffic) -> None:
    assert [kind for kind in KINDS if not traffic.secrets[kind]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_logs_none_of(traffic: Traffic, kind: str) -> None:
    assert [secret for secret in traffic.secrets[kind] if secret in traffic.log] == []


@pytest.mark.parametrize("kind", KINDS)
def test_repeats_in_no_refusal_any_of(traffic: Traffic, kind: str) -> None:
    assert [secret for secret in traffic.secrets[kind] if secret in traffic.refusals] == []


def test_logged_every_call_all_the_same(traffic: Traffic) -> None:
    assert traffic.log.count('"message":"request"') == traffic.refusals.count("OperationOutcome") + 3


def test_logs_no_method_that_a_caller_made_up(service: Service, caller: Caller) -> None:
    caller.call(method=UNTYPABLE, changes={"X-Request-Id": "made-up-method"})

    assert UNTYPABLE not in str(service.log_line("made-up-method"))


async def test_stores_neither_code_nor_token(environment: Mapping[str, str], caller: Caller) -> None:
    [entry] = caller.ask(ADULT)

    engine = create_async_engine(environment["INVITATIONS_DATABASE_URL"])
    async with engine.connect() as connection:
        tables = [
            (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            for table in ("invitation", "audit_event")
        ]
    await engine.dispose()
    stored = repr(tables)
    assert [secret for secret in (entry.code, entry.token, ADULT.value) if secret in stored] == []


def test_shows_no_key_to_whoever_prints_the_settings(lost_environment: Mapping[str, str]) -> None:
    settings = read_settings(lost_environment, to_serve=True).unwrap()

    shown = repr(settings) + repr(settings.token_keys)

    assert lost_environment["INVITATIONS_TOKEN_KEYS"].partition(":")[2] not in shown
    assert repr(base64.b64decode(lost_environment["INVITATIONS_TOKEN_KEYS"].partition(":")[2])) not in shown


def test_shows_no_access_token_to_whoever_prints_what_a_caller_presents(issuer: Issuer) -> None:
    access_token = issuer.access_token()

    assert access_token not in repr(AccessRequest(access_token, None))
