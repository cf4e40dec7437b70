"""The operation generate-invitation-tokens over HTTP."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import CHI, HCN, NHS
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.call import FHIR_JSON, Caller, answered, asking_for
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    BY_HEALTH_AND_CARE_NUMBER,
    CROWD,
    INELIGIBLE,
    MALFORMED,
    SAME_BY_NHS_NUMBER,
    UNKNOWN_PATIENT,
)
from tests.integration.on_each_database import ON_EACH_DATABASE

pytestmark = ON_EACH_DATABASE

SECRET = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
EXPIRY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def test_answers_as_the_published_example_has_it(caller: Caller) -> None:
    response = caller.call(asking_for(ADULT))

    [entry] = answered(response)
    assert json.loads(response.content) == {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "patientTokens",
                "part": [
                    {
                        "name": "patientIdentifier",
                        "valueIdentifier": {"system": ADULT.system, "value": ADULT.value},
                    },
                    {"name": "code", "valueString": entry.code},
                    {"name": "token", "valueString": entry.token},
                    {"name": "expiry", "valueDateTime": entry.expiry},
                ],
            }
        ],
    }


def test_sends_an_answer_that_no_cache_may_keep(caller: Caller) -> None:
    response = caller.call()

    headers = {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "Vary")}
    assert headers == {"Content-Type": FHIR_JSON, "Cache-Control": "no-store", "Vary": "Accept"}


def test_hands_out_codes_and_tokens_that_people_can_type(caller: Caller) -> None:
    [entry] = caller.ask(ADULT)

    assert SECRET.fullmatch(entry.code)
    assert SECRET.fullmatch(entry.token)


def test_writes_the_expiry_in_milliseconds_and_utc_30_days_ahead(caller: Caller) -> None:
    before = datetime.now(UTC)

    [entry] = caller.ask(ADULT)

    assert EXPIRY.fullmatch(entry.expiry)
    issued_at = datetime.fromisoformat(entry.expiry) - timedelta(days=30)
    assert before - timedelta(milliseconds=1) <= issued_at <= datetime.now(UTC)


def test_keeps_the_order_of_the_request(caller: Caller) -> None:
    backwards = CROWD[9::-1]

    answer = caller.ask(*backwards)

    assert [entry.identifier for entry in answer] == list(backwards)


def test_answers_a_repeated_identifier_once(caller: Caller) -> None:
    answer = caller.ask(CROWD[0], CROWD[1], CROWD[0], CROWD[0])

    assert [entry.identifier for entry in answer] == [CROWD[0], CROWD[1]]


def test_answers_two_identifiers_of_one_patient_with_the_same_invitation(caller: Caller) -> None:
    by_chi_number, other, by_nhs_number = caller.ask(BY_CHI_NUMBER, ADULT, SAME_BY_NHS_NUMBER)

    assert (by_chi_number.code, by_chi_number.token, by_chi_number.expiry) == (
        by_nhs_number.code,
        by_nhs_number.token,
        by_nhs_number.expiry,
    )
    assert {by_chi_number.code, by_chi_number.token}.isdisjoint({other.code, other.token})


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param(ADULT, id="nhs_number"),
        pytest.param(BY_CHI_NUMBER, id="chi_number"),
        pytest.param(BY_HEALTH_AND_CARE_NUMBER, id="health_and_care_number"),
    ],
)
def test_invites_by_every_identifier_system(caller: Caller, identifier: RequestedIdentifier) -> None:
    answer = caller.ask(identifier)

    assert [entry.identifier for entry in answer] == [identifier]


@pytest.mark.parametrize("system", [CHI, HCN])
def test_matches_on_the_system_as_well_as_the_number(caller: Caller, system: str) -> None:
    answer = caller.ask(RequestedIdentifier(system, ADULT.value), ADULT)

    assert [entry.identifier for entry in answer] == [ADULT]


@pytest.mark.parametrize(
    "value",
    [
        "9992000008",
        "999200000",
        "99920000070",
        "999 200 0007",
        " 9992000007",
        "".join(chr(ord(digit) + 0xFEE0) for digit in ADULT.value),
        "\x00",
        " ",
    ],
    ids=["check_digit", "too_short", "too_long", "spaced", "padded", "other_digits", "nul", "blank"],
)
def test_omits_malformed_numbers_and_answers_the_rest(caller: Caller, value: str) -> None:
    answer = caller.ask(RequestedIdentifier(NHS, value), ADULT)

    assert [entry.identifier for entry in answer] == [ADULT]


def test_omits_ineligible_patients(caller: Caller) -> None:
    answer = caller.ask(*INELIGIBLE, ADULT)

    assert [entry.identifier for entry in answer] == [ADULT]


@pytest.mark.parametrize(
    "ineligible",
    [
        pytest.param(INELIGIBLE, id="every_reason"),
        pytest.param([UNKNOWN_PATIENT], id="not_found"),
        pytest.param([MALFORMED], id="malformed"),
    ],
)
def test_answers_without_parameters_when_no_patient_is_eligible(
    caller: Caller, ineligible: list[RequestedIdentifier]
) -> None:
    response = caller.call(asking_for(*ineligible))

    assert (response.status_code, response.content) == (200, b'{"resourceType":"Parameters"}')


@pytest.mark.parametrize("identifier", [ADULT, BY_CHI_NUMBER, BY_HEALTH_AND_CARE_NUMBER])
def test_takes_an_identifier_as_a_search_token(caller: Caller, identifier: RequestedIdentifier) -> None:
    search_token = {"name": "patientIdentifier", "valueString": f"{identifier.system}|{identifier.value}"}

    response = caller.call(parameters(search_token))

    assert [entry.identifier for entry in answered(response)] == [identifier]


def test_takes_one_patient_as_identifier_and_as_search_token_for_the_same(caller: Caller) -> None:
    search_token = {"name": "patientIdentifier", "valueString": f"{ADULT.system}|{ADULT.value}"}

    response = caller.call(parameters(search_token, patient_identifier(ADULT)))

    assert [entry.identifier for entry in answered(response)] == [ADULT]


def test_answers_500_identifiers_with_as_many_codes_and_tokens(caller: Caller) -> None:
    answer = caller.ask(*CROWD)

    assert [entry.identifier for entry in answer] == list(CROWD)
    assert len({secret for entry in answer for secret in (entry.code, entry.token)}) == 2 * len(CROWD)


def test_issues_a_new_invitation_at_every_call(caller: Caller) -> None:
    [first], [second] = caller.ask(ADULT), caller.ask(ADULT)

    assert {first.code, first.token}.isdisjoint({second.code, second.token})


@pytest.mark.parametrize(
    "path",
    [
        "/fhir/Organization/$generate-invitation-tokens",
        "/fhir/Organization/%24generate-invitation-tokens",
        "/fhir/Organization/$generate-invitation-tokens?_format=json",
    ],
    ids=["dollar", "escaped", "query"],
)
def test_can_be_called_under_every_spelling_of_its_path(caller: Caller, path: str) -> None:
    response = caller.call(path=path)

    assert response.status_code == 200
