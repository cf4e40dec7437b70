"""A request that is sent again under its key, over HTTP."""

from uuid import uuid4

import httpx
import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import NHS
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.call import Caller, answered, asking_for
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    CROWD,
    INELIGIBLE,
    MALFORMED,
    SAME_BY_NHS_NUMBER,
    UNKNOWN_PATIENT,
)
from tests.integration.http.support.refused import refusal_in, refused
from tests.integration.on_each_database import ON_EACH_DATABASE

REPLAYED = "Idempotent-Replayed"
MALFORMED_KEY = refused(
    400,
    "value",
    "The header Idempotency-Key takes 1 to 255 visible ASCII characters, and is sent once.",
    header="Idempotency-Key",
)
OTHER_IDENTIFIERS = refused(
    422,
    "conflict",
    "The Idempotency-Key was sent before, with other identifiers. Send a new one.",
    header="Idempotency-Key",
)


@pytest.fixture
def key() -> str:
    """Give a key that no other test uses."""
    return uuid4().hex


def _ask(caller: Caller, key: str, *identifiers: RequestedIdentifier) -> httpx.Response:
    return caller.call(asking_for(*identifiers), {"Idempotency-Key": key})


def _headers(response: httpx.Response) -> dict[str, str]:
    """Give the headers, without those that differ in every answer."""
    return {name: value for name, value in response.headers.items() if name not in ("x-request-id", "date")}


@pytest.mark.parametrize(
    "identifiers",
    [
        pytest.param([ADULT], id="one"),
        pytest.param(CROWD[:50], id="fifty"),
        pytest.param([*INELIGIBLE, ADULT, *INELIGIBLE], id="most_left_out"),
        pytest.param(INELIGIBLE, id="all_left_out"),
        pytest.param([SAME_BY_NHS_NUMBER, ADULT, BY_CHI_NUMBER], id="two_of_one_patient"),
        pytest.param([ADULT, CROWD[1], ADULT], id="repeated"),
    ],
)
@ON_EACH_DATABASE
def test_gets_the_same_bytes_and_a_header_that_marks_the_replay(
    caller: Caller, key: str, identifiers: list[RequestedIdentifier]
) -> None:
    first = _ask(caller, key, *identifiers).raise_for_status()

    again = [_ask(caller, key, *identifiers) for _time in range(2)]

    assert [each.content for each in again] == [first.content] * 2
    assert [each.headers.get_list(REPLAYED) for each in (first, *again)] == [[], ["true"], ["true"]]
    assert [_headers(each) for each in again] == [{**_headers(first), REPLAYED.lower(): "true"}] * 2


def test_has_the_id_of_each_call_all_the_same(caller: Caller, key: str) -> None:
    ids = ["the-first", "the-second"]

    answers = [caller.call(changes={"Idempotency-Key": key, "X-Request-Id": each}) for each in ids]

    assert [answer.headers["X-Request-Id"] for answer in answers] == ids


def test_is_the_same_however_its_identifiers_are_written(caller: Caller, key: str) -> None:
    first = _ask(caller, key, ADULT)
    search_token = {"name": "patientIdentifier", "valueString": f"{ADULT.system}|{ADULT.value}"}
    spaced = asking_for(ADULT).replace(b'": ', b'"\n:  ')
    with_more = parameters(patient_identifier(ADULT, use="official"))

    again = [
        caller.call(body, {"Idempotency-Key": key}) for body in (parameters(search_token), spaced, with_more)
    ]

    assert [each.content for each in again] == [first.content] * 3


def test_is_a_new_one_without_its_key(caller: Caller, key: str) -> None:
    first = _ask(caller, key, ADULT)

    second = caller.call(asking_for(ADULT))

    assert answered(second) != answered(first)
    assert REPLAYED not in second.headers


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([CROWD[0], CROWD[2]], id="another"),
        pytest.param([CROWD[1], CROWD[0]], id="another_order"),
        pytest.param([CROWD[0]], id="one_less"),
        pytest.param([CROWD[0], CROWD[1], UNKNOWN_PATIENT], id="one_more_who_is_nobody"),
        pytest.param([CROWD[0]] * 501, id="too_many"),
        pytest.param([RequestedIdentifier("urn:oid:1.2.3", "1")], id="unsupported_system"),
    ],
)
@ON_EACH_DATABASE
def test_is_refused_with_other_identifiers(
    caller: Caller, key: str, others: list[RequestedIdentifier]
) -> None:
    first = _ask(caller, key, CROWD[0], CROWD[1])

    refusal = _ask(caller, key, *others)

    assert refusal_in(refusal) == OTHER_IDENTIFIERS
    assert _ask(caller, key, CROWD[0], CROWD[1]).content == first.content


@pytest.mark.parametrize(
    "values",
    [
        pytest.param("", id="empty"),
        pytest.param("x" * 256, id="256_characters"),
        pytest.param("two words", id="space"),
        pytest.param("tab\tbed", id="tab"),
        pytest.param("caf\N{LATIN SMALL LETTER E WITH ACUTE}", id="not_ascii"),
        pytest.param(["one", "two"], id="sent_twice"),
        pytest.param(["one", "one"], id="sent_twice_the_same"),
        pytest.param(["", ""], id="sent_empty_twice"),
    ],
)
def test_is_refused_under_a_malformed_key(caller: Caller, values: str | list[str]) -> None:
    refusal = caller.call(changes={"Idempotency-Key": values})

    assert refusal_in(refusal) == MALFORMED_KEY


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("x" * 255, id="255_characters"),
        pytest.param("!", id="one_character"),
        pytest.param('"8e03978e-40d5-43dd-bc93-6894a57f9324"', id="quoted"),
        pytest.param("a,b;c='\\", id="marks"),
    ],
)
def test_may_be_called_by_any_visible_text(caller: Caller, written: str) -> None:
    first = _ask(caller, written, ADULT).raise_for_status()

    assert _ask(caller, written, ADULT).content == first.content


def test_finds_its_key_in_a_header_of_any_case(caller: Caller, key: str) -> None:
    first = caller.call(changes={"Idempotency-Key": key})

    second = caller.call(changes={"idempotency-KEY": key})

    assert second.content == first.content


def test_distinguishes_keys_by_case(caller: Caller, key: str) -> None:
    first = _ask(caller, f"{key}-a", ADULT)

    second = _ask(caller, f"{key}-A", ADULT)

    assert second.content != first.content


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        pytest.param(b"{", {}, 400, id="no_json"),
        pytest.param(parameters(), {}, 400, id="no_identifier"),
        pytest.param(asking_for(ADULT), {"Authorization": None}, 401, id="no_access_token"),
        pytest.param(
            asking_for(ADULT),
            {"X-Org-Public-Id": "2e7e2f1b-5d4a-4a0c-8b66-72b4d5e1c802"},
            403,
            id="not_granted",
        ),
        pytest.param(asking_for(ADULT), {"Accept": "text/html"}, 406, id="not_acceptable"),
        pytest.param(b" " * 5_000_000, {}, 413, id="too_large"),
        pytest.param(asking_for(ADULT), {"Content-Type": "text/plain"}, 415, id="media_type"),
        pytest.param(asking_for(*[ADULT] * 501), {}, 422, id="too_many"),
        pytest.param(asking_for(RequestedIdentifier("urn:oid:1.2.3", "1")), {}, 422, id="unsupported_system"),
    ],
)
def test_can_be_corrected_under_the_same_key_after_a_refusal(
    caller: Caller, key: str, body: bytes, changes: dict[str, str | None], status: int
) -> None:
    refusal = caller.call(body, {**changes, "Idempotency-Key": key})

    corrected = _ask(caller, key, ADULT)

    assert (refusal.status_code, corrected.status_code) == (status, 200)
    assert REPLAYED not in corrected.headers
    assert REPLAYED not in refusal.headers


def test_is_stored_even_if_it_finds_no_patient(caller: Caller, key: str) -> None:
    nonsense = [MALFORMED, RequestedIdentifier(NHS, "nobody")]
    first = _ask(caller, key, *nonsense)

    second = _ask(caller, key, *nonsense)

    assert (first.content, second.headers[REPLAYED]) == (b'{"resourceType":"Parameters"}', "true")
