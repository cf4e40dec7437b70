"""Neither the database nor the log holds a key, or an identifier that was sent under it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, select

from adapters.sql.tables import metadata
from domain.identifiers import RequestedIdentifier
from tests.builders import NHS
from tests.integration.http.support.call import Caller, answered, asking_for
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.judge import judge_response
from tests.integration.http.support.people import ADULT, CROWD
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.service import Service, running_service
from tests.integration.sql.rows import rows

pytestmark = pytest.mark.full

KEY = "Letter-For-9999999468"
ODD_KEY = "Key With 9999999468"
UNKNOWN = "9999999468"
UNTYPABLE = "NO-NUMBER-OF-ANYBODY"
ASKED = [ADULT, RequestedIdentifier(NHS, UNKNOWN), RequestedIdentifier(NHS, UNTYPABLE)]


@pytest.fixture(scope="module")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {**environment, "INVITATIONS_LOG_LEVEL": "debug"}
    with running_service(settings, tmp_path_factory.mktemp("leaks") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def secrets(service: Service, issuer: Issuer) -> list[str]:
    """Send a key in every way, and return the texts that must not be found."""
    hooks = {"response": [judge_response]}
    with httpx.Client(base_url=service.url, event_hooks=hooks, timeout=30) as client:
        caller = Caller(client, issuer.access_token())
        answers = [caller.call(asking_for(*ASKED), {"Idempotency-Key": KEY}) for _time in range(2)]
        others = caller.call(asking_for(CROWD[1]), {"Idempotency-Key": KEY})
        malformed = caller.call(asking_for(ADULT), {"Idempotency-Key": ODD_KEY})
    service.stop()
    assert [each.status_code for each in (*answers, others, malformed)] == [200, 200, 422, 400]
    assert KEY not in others.text + malformed.text
    [entry] = answered(answers[1])
    return [KEY, ODD_KEY, UNKNOWN, UNTYPABLE, entry.code, entry.token]


@ON_EACH_DATABASE
async def test_no_table_holds_them(environment: Mapping[str, str], secrets: list[str]) -> None:
    content = ""
    for table in metadata.tables.values():
        content += repr(await rows(environment["INVITATIONS_DATABASE_URL"], select(table)))

    assert [secret for secret in secrets if secret in content] == []


async def test_a_patients_number_is_in_the_table_of_identifiers_alone(
    environment: Mapping[str, str], secrets: list[str]
) -> None:
    holding = [
        table.name
        for table in metadata.tables.values()
        if ADULT.value in repr(await rows(environment["INVITATIONS_DATABASE_URL"], select(table)))
    ]

    assert holding == ["patient_identifier"]


def test_no_file_of_the_database_holds_them(environment: Mapping[str, str], secrets: list[str]) -> None:
    file = Path(make_url(environment["INVITATIONS_DATABASE_URL"]).database or "")
    content = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))

    assert b"remembered_request" in content
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_the_log_holds_neither_them_nor_a_patients_number(service: Service, secrets: list[str]) -> None:
    log = service.log.read_text()

    assert log.count('"message":"request"') >= 4
    assert [secret for secret in (*secrets, ADULT.value, CROWD[1].value) if secret in log] == []
