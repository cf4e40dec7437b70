"""The effect of the first revisions on audit events, and on what is remembered of requests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection, insert, inspect, select

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.database import Database
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.schema import Schema
from adapters.sql.tables import audit_event
from domain.audit import Outcome
from tests.builders import (
    CLIENT,
    HOSPITAL,
    NOW,
    a_patient_id,
    a_remembered_request,
    a_request_id,
    a_request_name,
    an_audit_event,
)
from tests.integration.sql.rows import on_connection, rows

FIRST = {
    "id": 1,
    "request_id": a_request_id(1),
    "recorded_at": NOW,
    "client_id": CLIENT,
    "organisation_id": HOSPITAL.value,
    "asked": 3,
    "issued": 1,
    "omitted": {"deceased": 2},
    "patients": {"issued": [str(a_patient_id(1))], "deceased": [str(a_patient_id(2))]},
}
"""An event as the first revision keeps it."""

LATER = ("operation", "outcome", "replayed_request_id", "batch_id", "reason")
"""The columns that it lacks."""

THIRD = ("replayed_request_id", "batch_id", "reason")
"""The columns that the second revision lacks."""

NIL = UUID(int=0)


async def _keep_in_first_revision(url: str, *events: Mapping[str, Any]) -> None:
    # the database numbers the rows
    values = [{name: value for name, value in event.items() if name != "id"} for event in events]
    await rows(url, insert(audit_event).values(values))


async def _events(url: str, *left_out: str) -> list[dict[str, Any]]:
    columns = [column for column in audit_event.c if column.name not in left_out]
    found = await rows(url, select(*columns).order_by(audit_event.c.id))
    return [{**row._mapping} for row in found]  # noqa: SLF001 - SQLAlchemy's public name for it


def _column_names(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("audit_event")}


async def test_events_of_the_first_revision_are_of_invitations_that_were_carried_out(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade("0001")
    second = {**FIRST, "id": 2, "request_id": a_request_id(2)}
    await _keep_in_first_revision(database_url, FIRST, second)

    await Schema(unmigrated).upgrade()

    added = {
        "operation": "generate-invitation-tokens",
        "outcome": "carried-out",
        "replayed_request_id": None,
        "batch_id": None,
        "reason": None,
    }
    assert await _events(database_url) == [{**FIRST, **added}, {**second, **added}]


async def test_events_go_on_being_numbered_after_those_of_the_first_revision(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade("0001")
    await _keep_in_first_revision(database_url, FIRST)
    await Schema(unmigrated).upgrade()

    await SqlAuditRepository(unmigrated).record(an_audit_event(2))

    assert [(event["id"], event["request_id"]) for event in await _events(database_url)] == [
        (1, a_request_id(1)),
        (2, a_request_id(2)),
    ]


async def test_an_event_must_have_an_operation_and_an_outcome(
    database_url: str, unmigrated: Database
) -> None:
    def defaults(connection: Connection) -> list[object]:
        columns = inspect(connection).get_columns("audit_event")
        return [column["default"] for column in columns if column["name"] in ("operation", "outcome")]

    await Schema(unmigrated).upgrade()

    assert await on_connection(database_url, defaults) == [None, None]


async def test_a_downgrade_to_the_first_revision_keeps_the_events_refused_ones_too(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    events = [an_audit_event(1), replace(an_audit_event(2), outcome=Outcome.THROTTLED)]
    for event in events:
        await SqlAuditRepository(unmigrated).record(event)
    before = await _events(database_url, *LATER)

    await Schema(unmigrated).downgrade("0001")

    assert await _events(database_url, *LATER) == before
    assert not await on_connection(database_url, _column_names) & {*LATER}


async def test_the_nil_uuid_stands_for_a_missing_organisation_in_the_first_revision(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    for event in (an_audit_event(1), replace(an_audit_event(2), organisation_id=None)):
        await SqlAuditRepository(unmigrated).record(event)

    await Schema(unmigrated).downgrade("0001")
    down = await _events(database_url, *LATER)
    await Schema(unmigrated).upgrade()

    assert [event["organisation_id"] for event in down] == [HOSPITAL.value, NIL]
    assert [event["organisation_id"] for event in await _events(database_url)] == [HOSPITAL.value, None]


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_events_of_the_second_revision_are_kept_and_answered_nothing_again(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade("0002")
    second = {**FIRST, "operation": "status-query", "outcome": "scope-missing", "organisation_id": None}
    await _keep_in_first_revision(database_url, second)

    await Schema(unmigrated).upgrade()

    assert await _events(database_url) == [
        {**second, "replayed_request_id": None, "batch_id": None, "reason": None}
    ]


async def test_a_downgrade_to_the_second_revision_keeps_the_events_of_answers_given_again(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    again = replace(an_audit_event(2), outcome=Outcome.ANSWERED_AGAIN, replayed_request_id=a_request_id(1))
    for event in (an_audit_event(1), again):
        await SqlAuditRepository(unmigrated).record(event)
    before = await _events(database_url, *THIRD)

    await Schema(unmigrated).downgrade("0002")

    assert await _events(database_url, *THIRD) == before
    assert "replayed_request_id" not in await on_connection(database_url, _column_names)


async def test_a_downgrade_deletes_the_idempotency_records_and_nothing_else(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    await SqlInvitationRepository(unmigrated).add([], an_audit_event(1), a_remembered_request(1))

    await Schema(unmigrated).downgrade("0002")
    down = await on_connection(database_url, _table_names)
    await Schema(unmigrated).upgrade()

    assert "remembered_request" not in down
    assert await SqlIdempotencyRepository(unmigrated).find(a_request_name(), NOW) is None
    assert [event["request_id"] for event in await _events(database_url)] == [a_request_id(1)]


async def test_requests_are_remembered_after_a_downgrade_and_an_upgrade(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    await Schema(unmigrated).downgrade("0002")
    await Schema(unmigrated).upgrade()

    await SqlInvitationRepository(unmigrated).add([], an_audit_event(1), a_remembered_request(1))

    found = await SqlIdempotencyRepository(unmigrated).find(a_request_name(), NOW)
    assert found == a_remembered_request(1)
