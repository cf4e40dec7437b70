"""The effect of the revisions on existing rows."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, insert, inspect, make_url, select, text

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.care import SqlCareRepository
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.patient_records import SqlPatientRecordRepository
from adapters.sql.schema import Schema
from adapters.sql.tables import (
    audit_event,
    care_relationship,
    client_grant,
    failed_claim,
    invitation,
    organisation,
    patient,
    patient_identifier,
)
from domain.administration import Attribution, Command
from domain.audit import Outcome
from domain.holds import Hold, HoldReason
from domain.invitations import InvitationState
from tests.builders import (
    ADULT,
    CLIENT,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    TODAY,
    a_patient_id,
    a_remembered_request,
    a_request_id,
    a_request_name,
    an_audit_event,
    an_identifier,
)
from tests.integration.architecture.source import ROOT
from tests.integration.sql.rows import on_connection, row_counts, rows

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

AN_INVITATION = {
    "patient_id": a_patient_id(1),
    "organisation_id": HOSPITAL.value,
    "request_id": a_request_id(1),
    "code_digest": b"code",
    "token_digest": b"token",
    "key_id": "test",
    "issued_at": NOW,
    "expires_at": EXPIRY,
}
"""The columns that every revision has."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give a database that no other test uses, without a table."""
    database = connect(make_url(database_url))
    yield database
    await database.close()


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
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade("0001")
    second = {**FIRST, "id": 2, "request_id": a_request_id(2)}
    await _keep_in_first_revision(database_url, FIRST, second)

    await Schema(database).upgrade()

    added = {
        "operation": "generate-invitation-tokens",
        "outcome": "carried-out",
        "replayed_request_id": None,
        "batch_id": None,
        "reason": None,
    }
    assert await _events(database_url) == [{**FIRST, **added}, {**second, **added}]


async def test_events_go_on_being_numbered_after_those_of_the_first_revision(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade("0001")
    await _keep_in_first_revision(database_url, FIRST)
    await Schema(database).upgrade()

    await SqlAuditRepository(database).record(an_audit_event(2))

    assert [(event["id"], event["request_id"]) for event in await _events(database_url)] == [
        (1, a_request_id(1)),
        (2, a_request_id(2)),
    ]


async def test_an_event_must_have_an_operation_and_an_outcome(database_url: str, database: Database) -> None:
    def defaults(connection: Connection) -> list[object]:
        columns = inspect(connection).get_columns("audit_event")
        return [column["default"] for column in columns if column["name"] in ("operation", "outcome")]

    await Schema(database).upgrade()

    assert await on_connection(database_url, defaults) == [None, None]


async def test_a_downgrade_to_the_first_revision_keeps_the_events_refused_ones_too(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    events = [an_audit_event(1), replace(an_audit_event(2), outcome=Outcome.THROTTLED)]
    for event in events:
        await SqlAuditRepository(database).record(event)
    before = await _events(database_url, *LATER)

    await Schema(database).downgrade("0001")

    assert await _events(database_url, *LATER) == before
    assert not await on_connection(database_url, _column_names) & {*LATER}


async def test_the_nil_uuid_stands_for_a_missing_organisation_in_the_first_revision(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    for event in (an_audit_event(1), replace(an_audit_event(2), organisation_id=None)):
        await SqlAuditRepository(database).record(event)

    await Schema(database).downgrade("0001")
    down = await _events(database_url, *LATER)
    await Schema(database).upgrade()

    assert [event["organisation_id"] for event in down] == [HOSPITAL.value, NIL]
    assert [event["organisation_id"] for event in await _events(database_url)] == [HOSPITAL.value, None]


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_events_of_the_second_revision_are_kept_and_answered_nothing_again(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade("0002")
    second = {**FIRST, "operation": "status-query", "outcome": "scope-missing", "organisation_id": None}
    await _keep_in_first_revision(database_url, second)

    await Schema(database).upgrade()

    assert await _events(database_url) == [
        {**second, "replayed_request_id": None, "batch_id": None, "reason": None}
    ]


async def test_a_downgrade_to_the_second_revision_keeps_the_events_of_answers_given_again(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    again = replace(an_audit_event(2), outcome=Outcome.ANSWERED_AGAIN, replayed_request_id=a_request_id(1))
    for event in (an_audit_event(1), again):
        await SqlAuditRepository(database).record(event)
    before = await _events(database_url, *THIRD)

    await Schema(database).downgrade("0002")

    assert await _events(database_url, *THIRD) == before
    assert "replayed_request_id" not in await on_connection(database_url, _column_names)


async def test_a_downgrade_deletes_the_idempotency_records_and_nothing_else(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    await SqlInvitationRepository(database).add([], an_audit_event(1), a_remembered_request(1))

    await Schema(database).downgrade("0002")
    down = await on_connection(database_url, _table_names)
    await Schema(database).upgrade()

    assert "remembered_request" not in down
    assert await SqlIdempotencyRepository(database).find(a_request_name(), NOW) is None
    assert [event["request_id"] for event in await _events(database_url)] == [a_request_id(1)]


async def test_requests_are_remembered_after_a_downgrade_and_an_upgrade(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    await Schema(database).downgrade("0002")
    await Schema(database).upgrade()

    await SqlInvitationRepository(database).add([], an_audit_event(1), a_remembered_request(1))

    found = await SqlIdempotencyRepository(database).find(a_request_name(), NOW)
    assert found == a_remembered_request(1)


async def test_patients_and_invitations_of_revision_0007_are_kept_up_and_down(
    database_url: str, database: Database
) -> None:
    schema = Schema(database)
    await schema.upgrade("0007")
    kept = (
        insert(organisation).values(id=HOSPITAL.value, name="Hospital"),
        insert(client_grant).values(client_id=CLIENT, organisation_id=HOSPITAL.value),
        insert(patient).values(id=a_patient_id(1), date_of_birth=ADULT, deceased=True),
        insert(patient_identifier).values(
            system=NHS.value, value=an_identifier().value, patient_id=a_patient_id(1)
        ),
        insert(care_relationship).values(organisation_id=HOSPITAL.value, patient_id=a_patient_id(1)),
        insert(invitation).values(AN_INVITATION),
    )
    for statement in kept:
        await rows(database_url, statement)
    counted = await row_counts(database_url)

    await schema.upgrade()
    record = await SqlPatientRecordRepository(database).show(an_identifier())
    assert record is not None
    hold = Hold(HOSPITAL, HoldReason.DECLINED, TODAY)
    placed = Attribution(Command.HOLD_PATIENTS, HOSPITAL, NOW)
    held = await SqlCareRepository(database).place_hold([record.patient.id], hold, placed)
    await schema.downgrade("0007")

    assert (record.patient.known.deceased, record.first_reported, record.holds) == (True, None, [])
    assert [each.life.state(NOW) for each in record.invitations] == [InvitationState.PENDING]
    assert [*held] == [a_patient_id(1)]
    assert await row_counts(database_url, counted) == counted


async def _invite_at_0011(url: str, database: Database) -> None:
    await Schema(database).upgrade("0011")
    await rows(url, insert(invitation).values(AN_INVITATION))


_NUMBERED = text("SELECT invitation.id, failed_claim.invitation_id FROM invitation, failed_claim")
_FAILS_BEFORE = text(
    "INSERT INTO failed_claim (patient_id, invitation_id, failed_at) "
    "SELECT patient_id, id, issued_at FROM invitation"
)


async def test_failed_claims_are_of_the_same_invitation_up_and_down(
    database_url: str, database: Database
) -> None:
    await _invite_at_0011(database_url, database)
    await rows(database_url, _FAILS_BEFORE)

    await Schema(database).upgrade()
    fails_now = {"patient_id": a_patient_id(1), "code_digest": b"code", "failed_at": NOW}
    await rows(database_url, insert(failed_claim).values(fails_now))
    await Schema(database).downgrade("0011")

    assert [*await rows(database_url, _NUMBERED)] == [(1, 1), (1, 1)]


async def test_a_failed_claim_whose_invitation_was_deleted_is_kept_by_a_downgrade(
    database_url: str, database: Database
) -> None:
    await Schema(database).upgrade()
    fails = {"patient_id": a_patient_id(1), "code_digest": b"gone", "failed_at": NOW}
    await rows(database_url, insert(failed_claim).values(fails))

    await Schema(database).downgrade("0011")

    assert [*await rows(database_url, text("SELECT invitation_id FROM failed_claim"))] == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE invitation SET failed_attempts = 1 WHERE id = {id}", id="redemption"),
        pytest.param("DELETE FROM invitation WHERE id > 0 AND id <= {id}", id="purge"),
        pytest.param("DELETE FROM failed_claim WHERE invitation_id = {id}", id="claim"),
    ],
)
async def test_the_release_before_finds_old_and_new_invitations_by_their_number(
    database_url: str, database: Database, statement: str
) -> None:
    await _invite_at_0011(database_url, database)
    await Schema(database).upgrade()
    await rows(database_url, insert(invitation).values({**AN_INVITATION, "code_digest": b"later"}))
    await rows(database_url, _FAILS_BEFORE)

    def numbers(connection: Connection) -> list[int]:
        found = connection.execute(text("SELECT id FROM invitation ORDER BY id")).scalars().all()
        changed = [connection.execute(text(statement.format(id=each))).rowcount for each in found]
        assert changed == [1] * len(changed)
        return list(found)

    assert await on_connection(database_url, numbers) == [1, 2]


@pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")
async def test_indexes_that_were_made_beforehand_as_documented_are_used(
    database_url: str, database: Database
) -> None:
    page = (ROOT / "docs" / "operations" / "upgrade.md").read_text()
    [section] = re.findall(r"^## Revision 0012$(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    statements = re.findall(r"^(CREATE .*?);$", section, re.MULTILINE | re.DOTALL)
    await _invite_at_0011(database_url, database)
    for each in statements:
        # a transaction cannot make an index concurrently
        await rows(database_url, text(each.replace(" CONCURRENTLY", "")))
    oids = text("SELECT indexrelid FROM pg_index ORDER BY 1 DESC LIMIT :made").bindparams(
        made=len(statements)
    )
    made = {*await rows(database_url, oids)}

    await Schema(database).upgrade()

    assert len(statements) == 4
    assert made <= {*await rows(database_url, text("SELECT indexrelid FROM pg_index"))}
