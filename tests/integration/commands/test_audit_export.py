"""The export of audit events."""

import asyncio
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from msgspec import json
from msgspec.structs import replace
from sqlalchemy import make_url, update

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.tables import audit_event
from adapters.system import SystemClock
from domain.audit import AuditEvent, Outcome
from tests.builders import NOW, a_patient_id, a_request_id, an_audit_event
from tests.integration.commands.shell import Outcome as Ended
from tests.integration.fhir.audit_event_judge import details_of, judge_audit_event
from tests.integration.sql.rows import rows

A_DAY = timedelta(days=1)
LONG_AGO = NOW.replace(year=2025)
LATER = "2026-01-01"
EVENTS = [
    replace(an_audit_event(1, issued_patients=[a_patient_id(1)]), recorded_at=LONG_AGO - A_DAY),
    replace(an_audit_event(2), recorded_at=LONG_AGO),
    replace(an_audit_event(3), recorded_at=LONG_AGO + A_DAY),
]


@pytest.fixture
def record(ready_url: str) -> Callable[[Sequence[AuditEvent]], None]:
    """Make a function that records events, those of the builders a year ago."""

    async def record(events: Sequence[AuditEvent]) -> None:
        database = connect(make_url(ready_url))
        for event in events:
            long_ago = replace(event, recorded_at=LONG_AGO) if event.recorded_at == NOW else event
            await SqlAuditRepository(database).record(long_ago)
        await database.close()

    return lambda events: asyncio.run(record(events))


@pytest.fixture
def export(command: Callable[..., Ended]) -> Callable[..., list[int]]:
    """Make a function that exports, judges every line, and returns the numbers of the requests."""

    def run(*arguments: str) -> list[int]:
        ended = command("audit", "export", *arguments)
        assert (ended.code, ended.error) == (0, "")
        resources = [judge_audit_event(line.encode()) for line in ended.output.splitlines()]
        return [int(resource["id"].replace("-", ""), 16) for resource in resources]

    return run


@pytest.mark.parametrize(
    ("since", "until", "numbers"),
    [
        pytest.param("2025-12-01", "2025-12-04", [1, 2, 3], id="dates"),
        pytest.param("2025-12-02", "2025-12-03", [2], id="a-day"),
        pytest.param("2025-12-02", "2025-12-02", [], id="no-length"),
        pytest.param("2025-12-02T09:29:23.356", "2025-12-04", [2, 3], id="moment-in-utc"),
        pytest.param("2025-12-02T09:29:23.357Z", "2025-12-04", [3], id="moment-just-after"),
        pytest.param("2025-12-01", "2025-12-02T09:29:23.356+00:00", [1], id="end-is-not-included"),
        pytest.param("2025-12-02T10:29:23.356+01:00", "2025-12-03", [2], id="moment-with-offset"),
        pytest.param("2025-12-02T09:29:23.356-01:00", "2025-12-03", [], id="moment-with-another-offset"),
        pytest.param("2020-01-01", "2021-01-01", [], id="nothing-in-it"),
        pytest.param("0001-01-01", "2026-11-01", [1, 2, 3], id="all-of-time"),
    ],
)
def test_the_calls_of_a_period_are_printed_oldest_first(
    export: Callable[..., list[int]],
    record: Callable[[Sequence[AuditEvent]], None],
    since: str,
    until: str,
    numbers: list[int],
) -> None:
    record(EVENTS[::-1])

    assert export("--since", since, "--until", until) == numbers


def test_without_an_end_the_period_ends_a_minute_ago_and_the_next_one_begins_there(
    command: Callable[..., Ended], record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    now = SystemClock().instant()
    recorded = {1: now - A_DAY, 2: now - timedelta(seconds=61), 3: now - timedelta(seconds=1), 4: now + A_DAY}
    record([replace(an_audit_event(number), recorded_at=moment) for number, moment in recorded.items()])

    ended = command("audit", "export", "--since", "2000-01-01")

    ids = [json.decode(line)["id"] for line in ended.output.splitlines()]
    assert ids == [str(a_request_id(1)), str(a_request_id(2))]
    name, option, until = ended.error.split()
    assert (ended.code, name, option) == (0, "next:", "--since")
    assert recorded[2] < datetime.fromisoformat(until) < recorded[3]


def test_a_period_that_ends_less_than_a_minute_ago_is_refused(command: Callable[..., Ended]) -> None:
    ended = command("audit", "export", "--since", "2000-01-01", "--until", "2100-01-01")

    assert (ended.code, ended.output) == (1, "")
    assert ended.error.startswith(
        "invitations: calls of the last minute may still be stored; run the command later, or export until 20"
    )


def test_every_outcome_is_printed_and_refused_calls_too(
    command: Callable[..., Ended], record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    record([replace(an_audit_event(n), outcome=outcome) for n, outcome in enumerate(Outcome)])
    record([replace(an_audit_event(99), outcome=Outcome.ORGANISATION_MISSING, organisation_id=None)])

    ended = command("audit", "export", "--since", "2025-12-02", "--until", LATER)

    resources = [judge_audit_event(line.encode()) for line in ended.output.splitlines()]
    assert [each["outcomeDesc"] for each in resources] == [*Outcome, Outcome.ORGANISATION_MISSING]
    assert {each["outcome"] for each in resources[2:]} == {"4"}
    assert len(resources[-1]["agent"]) == 1


def test_an_answer_that_was_given_again_names_the_request(
    command: Callable[..., Ended], record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    again = replace(an_audit_event(2), outcome=Outcome.ANSWERED_AGAIN, replayed_request_id=a_request_id(1))
    record([an_audit_event(1), again])

    ended = command("audit", "export", "--since", "2025-12-02", "--until", LATER)

    first, second = (judge_audit_event(line.encode()) for line in ended.output.splitlines())
    assert details_of(second["entity"][0])["replays"] == first["id"]


def test_the_service_is_named_as_the_source(
    command: Callable[..., Ended],
    record: Callable[[Sequence[AuditEvent]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INVITATIONS_BASE_URL", "https://invitations.example.org/fhir")
    record([an_audit_event(1)])

    ended = command("audit", "export", "--since", "2025-12-02", "--until", LATER)

    source = judge_audit_event(ended.output.encode())["source"]
    assert source["identifier"]["value"] == "https://invitations.example.org/fhir"


def test_any_number_of_calls_is_printed_a_line_each(
    command: Callable[..., Ended], record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    numbers = range(1, 602)
    record([an_audit_event(number) for number in numbers])

    ended = command("audit", "export", "--since", "2025-12-02", "--until", LATER)

    ids = [json.decode(line)["id"] for line in ended.output.splitlines()]
    assert ids == [str(a_request_id(number)) for number in numbers]


def test_nothing_is_printed_in_base64_that_is_not_a_count_a_decision_or_a_request(
    command: Callable[..., Ended], record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    record(EVENTS)

    ended = command("audit", "export", "--since", "2025-12-01", "--until", LATER)

    written = {
        b64decode(detail["value"]).decode()
        for line in ended.output.splitlines()
        for entity in judge_audit_event(line.encode())["entity"]
        for detail in entity["detail"]
    }
    assert written == {"0", "1", "2", "issued", "deceased"}


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(["--since", "2025-12-02"], ["--until", "2025-12-01"], id="dates"),
        pytest.param(
            ["--since", "2025-12-02T09:00+00:00"], ["--until", "2025-12-02T09:30+01:00"], id="offsets"
        ),
    ],
)
def test_a_period_that_ends_before_it_begins_is_refused(
    command: Callable[..., Ended], since: list[str], until: list[str]
) -> None:
    ended = command("audit", "export", *since, *until)

    assert ended == Ended(1, "", "invitations: the period ends before it begins\n")


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-13-01",
        "2025-12-02 25:00",
        "",
        pytest.param("9999-12-31T23:59:59-01:00", id="after-the-end-of-time"),
        pytest.param("0001-01-01T00:00:00+01:00", id="before-its-beginning"),
    ],
)
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_malformed_time_is_refused_in_one_line(
    bare_command: Callable[..., Ended], option: str, text: str
) -> None:
    moments = {"--since": "2025-12-01", option: text}

    ended = bare_command("audit", "export", *(word for moment in moments.items() for word in moment))

    assert (ended.code, ended.output, ended.error.count("\n")) == (2, "", 1)
    assert ended.error.startswith(f"invitations: Invalid value for '{option}': a moment is a date such as ")


def test_a_period_needs_a_beginning(bare_command: Callable[..., Ended]) -> None:
    ended = bare_command("audit", "export")

    assert ended == Ended(2, "", "invitations: Missing option '--since'.\n")


def test_words_of_a_newer_release_are_printed_as_they_are(
    command: Callable[..., Ended], ready_url: str, record: Callable[[Sequence[AuditEvent]], None]
) -> None:
    record([EVENTS[1]])
    patients = {"issued": [], "answered": [], "not-to-be-invited": [str(a_patient_id(7))]}
    newer = update(audit_event).values(
        operation="claim-invitation",
        outcome="claimed",
        omitted={"not-to-be-invited": 1},
        patients=patients,
    )
    asyncio.run(rows(ready_url, newer))

    ended = command("audit", "export", "--since", "2025-12-02", "--until", LATER)

    resource = judge_audit_event(ended.output.encode())
    request, patient = resource["entity"]
    assert (ended.code, ended.error) == (0, "")
    assert resource["subtype"][1]["code"] == "claim-invitation"
    assert (resource["outcomeDesc"], "outcome" in resource) == ("claimed", False)
    assert details_of(request)["not-to-be-invited"] == "1"
    assert details_of(patient) == {"decision": "not-to-be-invited"}
