"""The effect of later revisions on patients, invitations and failed claims."""

import re

import pytest
from sqlalchemy import Connection, insert, text

from adapters.sql.care import SqlCareRepository
from adapters.sql.database import Database
from adapters.sql.patient_records import SqlPatientRecordRepository
from adapters.sql.schema import Schema
from adapters.sql.tables import (
    care_relationship,
    client_grant,
    failed_claim,
    invitation,
    organisation,
    patient,
    patient_identifier,
)
from domain.administration import Attribution, Command
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
    a_request_id,
    an_identifier,
)
from tests.integration.architecture.source import ROOT
from tests.integration.sql.rows import on_connection, row_counts, rows

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


async def test_patients_and_invitations_of_revision_0007_are_kept_up_and_down(
    database_url: str, unmigrated: Database
) -> None:
    schema = Schema(unmigrated)
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
    record = await SqlPatientRecordRepository(unmigrated).show(an_identifier())
    assert record is not None
    hold = Hold(HOSPITAL, HoldReason.DECLINED, TODAY)
    placed = Attribution(Command.HOLD_PATIENTS, HOSPITAL, NOW)
    held = await SqlCareRepository(unmigrated).place_hold([record.patient.id], hold, placed)
    await schema.downgrade("0007")

    assert (record.patient.known.deceased, record.first_reported, record.holds) == (True, None, [])
    assert [each.life.state(NOW) for each in record.invitations] == [InvitationState.PENDING]
    assert [*held] == [a_patient_id(1)]
    assert await row_counts(database_url, counted) == counted


async def _invite_at_0011(url: str, unmigrated: Database) -> None:
    await Schema(unmigrated).upgrade("0011")
    await rows(url, insert(invitation).values(AN_INVITATION))


_NUMBERED = text("SELECT invitation.id, failed_claim.invitation_id FROM invitation, failed_claim")
_FAILS_BEFORE = text(
    "INSERT INTO failed_claim (patient_id, invitation_id, failed_at) "
    "SELECT patient_id, id, issued_at FROM invitation"
)


async def test_failed_claims_are_of_the_same_invitation_up_and_down(
    database_url: str, unmigrated: Database
) -> None:
    await _invite_at_0011(database_url, unmigrated)
    await rows(database_url, _FAILS_BEFORE)

    await Schema(unmigrated).upgrade()
    fails_now = {"patient_id": a_patient_id(1), "code_digest": b"code", "failed_at": NOW}
    await rows(database_url, insert(failed_claim).values(fails_now))
    await Schema(unmigrated).downgrade("0011")

    assert [*await rows(database_url, _NUMBERED)] == [(1, 1), (1, 1)]


async def test_a_failed_claim_whose_invitation_was_deleted_is_kept_by_a_downgrade(
    database_url: str, unmigrated: Database
) -> None:
    await Schema(unmigrated).upgrade()
    fails = {"patient_id": a_patient_id(1), "code_digest": b"gone", "failed_at": NOW}
    await rows(database_url, insert(failed_claim).values(fails))

    await Schema(unmigrated).downgrade("0011")

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
    database_url: str, unmigrated: Database, statement: str
) -> None:
    await _invite_at_0011(database_url, unmigrated)
    await Schema(unmigrated).upgrade()
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
    database_url: str, unmigrated: Database
) -> None:
    page = (ROOT / "docs" / "operations" / "upgrade.md").read_text()
    [section] = re.findall(r"^## Revision 0012$(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    statements = re.findall(r"^(CREATE .*?);$", section, re.MULTILINE | re.DOTALL)
    await _invite_at_0011(database_url, unmigrated)
    for each in statements:
        # a transaction cannot make an index concurrently
        await rows(database_url, text(each.replace(" CONCURRENTLY", "")))
    oids = text("SELECT indexrelid FROM pg_index ORDER BY 1 DESC LIMIT :made").bindparams(
        made=len(statements)
    )
    made = {*await rows(database_url, oids)}

    await Schema(unmigrated).upgrade()

    assert len(statements) == 4
    assert made <= {*await rows(database_url, text("SELECT indexrelid FROM pg_index"))}
