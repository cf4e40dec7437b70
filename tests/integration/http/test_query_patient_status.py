"""The answers of status-query over HTTP."""

import json
from typing import Any

import httpx
import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import ADULT as BORN
from tests.builders import a_requested_identifier
from tests.fhir_builders import parameters
from tests.integration.http.support.call import FHIR_JSON, STATUS_OPERATION, Caller, asking_for
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    CROWD,
    DECEASED,
    ELSEWHERE,
    MALFORMED,
    NO_DATE_OF_BIRTH,
    REGISTERED,
    SAME_BY_NHS_NUMBER,
    UNKNOWN_PATIENT,
)
from tests.integration.on_each_database import ON_EACH_DATABASE

pytestmark = ON_EACH_DATABASE

LARGEST = 5_000


@pytest.fixture(scope="module")
def caller(client: httpx.Client, issuer: Issuer) -> Caller:
    return Caller(client, issuer.access_token(), STATUS_OPERATION)


def status(identifier: RequestedIdentifier, *parts: dict[str, Any]) -> dict[str, Any]:
    """Give the entry of an identifier as the public documentation describes it."""
    asked_for = {"system": identifier.system, "value": identifier.value}
    return {
        "name": "patientStatus",
        "part": [{"name": "patientIdentifier", "valueIdentifier": asked_for}, *parts],
    }


def known(*, deceased: bool = False, registered: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        {"name": "deceased", "valueBoolean": deceased},
        {"name": "registered", "valueBoolean": registered},
    )


BORN_THEN = {"name": "dateOfBirth", "valueDate": BORN.isoformat()}
NO_ACCESS = {"name": "diagnostics", "valueString": "No access"}
NOT_FOUND = {"name": "diagnostics", "valueString": "Not found"}


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        pytest.param(ADULT, (*known(), BORN_THEN), id="adult"),
        pytest.param(DECEASED, (*known(deceased=True), BORN_THEN), id="deceased"),
        pytest.param(REGISTERED, (*known(registered=True), BORN_THEN), id="registered"),
        pytest.param(NO_DATE_OF_BIRTH, known(), id="no_date_of_birth"),
        pytest.param(ELSEWHERE, (*known(), NO_ACCESS), id="no_care_relationship"),
        pytest.param(UNKNOWN_PATIENT, (NOT_FOUND,), id="nobody"),
        pytest.param(MALFORMED, (NOT_FOUND,), id="malformed"),
    ],
)
def test_answers_an_identifier_with_what_the_organisation_may_know(
    caller: Caller, identifier: RequestedIdentifier, parts: tuple[dict[str, Any], ...]
) -> None:
    response = caller.call(asking_for(identifier))

    assert json.loads(response.content) == {
        "resourceType": "Parameters",
        "parameter": [status(identifier, *parts)],
    }


def test_answers_every_identifier_in_order_and_repeated_ones_too(caller: Caller) -> None:
    response = caller.call(asking_for(UNKNOWN_PATIENT, ADULT, ELSEWHERE, ADULT, UNKNOWN_PATIENT))

    assert response.json()["parameter"] == [
        status(UNKNOWN_PATIENT, NOT_FOUND),
        status(ADULT, *known(), BORN_THEN),
        status(ELSEWHERE, *known(), NO_ACCESS),
        status(ADULT, *known(), BORN_THEN),
        status(UNKNOWN_PATIENT, NOT_FOUND),
    ]


def test_answers_two_identifiers_of_one_patient_each(caller: Caller) -> None:
    response = caller.call(asking_for(BY_CHI_NUMBER, SAME_BY_NHS_NUMBER))

    assert response.json()["parameter"] == [
        status(BY_CHI_NUMBER, *known(), BORN_THEN),
        status(SAME_BY_NHS_NUMBER, *known(), BORN_THEN),
    ]


def test_takes_an_identifier_as_a_search_token(caller: Caller) -> None:
    response = caller.call(
        parameters({"name": "patientIdentifier", "valueString": f"{ADULT.system}|{ADULT.value}"})
    )

    assert response.json()["parameter"] == [status(ADULT, *known(), BORN_THEN)]


@pytest.mark.full  # judging so much FHIR takes seconds
def test_answers_as_many_as_5000_identifiers(caller: Caller) -> None:
    nobody = [a_requested_identifier(30_000 + number) for number in range(LARGEST - len(CROWD))]

    response = caller.call(asking_for(*CROWD, *nobody))

    assert response.json()["parameter"] == [
        *(status(each, *known(), BORN_THEN) for each in CROWD),
        *(status(each, NOT_FOUND) for each in nobody),
    ]


def test_sends_an_answer_that_no_cache_may_keep(caller: Caller) -> None:
    response = caller.call()

    headers = {name: response.headers[name] for name in ("Content-Type", "Cache-Control")}
    assert headers == {"Content-Type": FHIR_JSON, "Cache-Control": "no-store"}
