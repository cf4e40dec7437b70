"""The rows that the invitation repository writes."""

import re
from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from adapters.sql.command_events import SqlCommandEventRepository
from adapters.sql.connect import connect
from adapters.sql.errors import SequenceLost
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.tables import audit_event, invitation
from domain.administration import Command, CommandEvent, CommandId, CommandOutcome
from tests.builders import (
    CLIENT,
    EXPIRY,
    GENERATE,
    HOSPITAL,
    NOW,
    a_patient_id,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.integration.architecture.source import ROOT
from tests.integration.databases import Databases
from tests.integration.sql.rows import row_counts, rows

BEFORE = {"organisation": 1, "patient": 2, "patient_identifier": 2, "care_relationship": 2}
A_COMMAND_EVENT = CommandEvent(CommandId(a_request_id(1)), NOW, Command.PURGE, CommandOutcome.BEGUN, "Ann")
OF_NO_PATIENT = replace(an_invitation("B"), patient_id=None)


@pytest.fixture(autouse=True)
async def _two_patients_are_known(
    organisation_repository: SqlOrganisationRepository, patient_report_repository: SqlPatientReportRepository
) -> None:
    await organisation_repository.add(an_organisation())
    await reported(patient_report_repository, *(a_report(an_identifier(number)) for number in (1, 2)))


async def test_an_invitation_is_stored_as_it_is(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    issued = an_invitation()

    await invitation_repository.add([issued], an_audit_event())

    [stored] = await rows(url, select(invitation))
    assert {**stored._mapping} == {  # noqa: SLF001 - SQLAlchemy's public name for it
        "patient_id": issued.patient_id,
        "organisation_id": HOSPITAL.value,
        "request_id": issued.request_id,
        "code_digest": issued.code_digest,
        "token_digest": issued.token_digest,
        "key_id": "test",
        "issued_at": NOW,
        "expires_at": EXPIRY,
        "redeemed_at": None,
        "revoked_at": None,
        "revoked_reason": None,
        "failed_attempts": 0,
        "claim_digest": None,
        "claimed_at": None,
        "claim_expires_at": None,
        "claimed_by": None,
    }


async def test_an_audit_event_is_stored_as_it_is(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    await invitation_repository.add([], an_audit_event(issued_patients=[a_patient_id(1), a_patient_id(2)]))

    [stored] = await rows(url, select(*audit_event.c[1:]))
    assert {**stored._mapping} == {  # noqa: SLF001 - SQLAlchemy's public name for it
        "request_id": a_request_id(1),
        "recorded_at": NOW,
        "operation": GENERATE,
        "outcome": "carried-out",
        "client_id": CLIENT,
        "organisation_id": HOSPITAL.value,
        "asked": 3,
        "issued": 2,
        "omitted": {"deceased": 1},
        "patients": {
            "issued": [str(a_patient_id(1)), str(a_patient_id(2))],
            "answered": [],
            "deceased": [str(a_patient_id(999))],
        },
        "replayed_request_id": None,
        "batch_id": None,
        "reason": None,
    }


async def test_a_moment_in_another_zone_is_stored_in_utc(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    expiry = EXPIRY.astimezone(timezone(timedelta(hours=1)))

    await invitation_repository.add([replace(an_invitation(), expires_at=expiry)], an_audit_event())

    [[stored]] = await rows(url, select(invitation.c.expires_at))
    assert stored.isoformat() == "2027-01-01T09:29:23.356000+00:00"


async def test_a_moment_without_an_offset_is_not_stored(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    naive = replace(an_invitation(), expires_at=EXPIRY.replace(tzinfo=None))

    with pytest.raises((StatementError, ValueError), match="a moment needs an offset from UTC"):
        await invitation_repository.add([naive], an_audit_event())

    assert await row_counts(url) == BEFORE


async def test_an_invitation_of_no_patient_is_no_collision_of_codes(
    invitation_repository: SqlInvitationRepository,
) -> None:
    with pytest.raises(IntegrityError):
        await invitation_repository.add([OF_NO_PATIENT], an_audit_event())


async def test_of_a_request_that_fails_half_way_not_even_the_audit_event_is_stored(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    request = [an_invitation("A"), OF_NO_PATIENT]

    with pytest.raises(IntegrityError):
        await invitation_repository.add(request, an_audit_event())

    assert await row_counts(url) == BEFORE


async def test_a_request_that_failed_does_not_keep_the_next_from_being_stored(
    url: str, invitation_repository: SqlInvitationRepository
) -> None:
    with pytest.raises(IntegrityError):
        await invitation_repository.add([OF_NO_PATIENT], an_audit_event())

    await invitation_repository.add([an_invitation()], an_audit_event())

    assert await row_counts(url) == {**BEFORE, "invitation": 1, "audit_event": 1}


async def test_an_error_shows_no_value_of_the_statement(
    invitation_repository: SqlInvitationRepository,
) -> None:
    with pytest.raises(IntegrityError) as raised:
        await invitation_repository.add([OF_NO_PATIENT], an_audit_event())

    shown = str(raised.value)
    digest = OF_NO_PATIENT.code_digest
    values = (CLIENT, "2026", digest.hex(), repr(digest), str(HOSPITAL), HOSPITAL.value.hex)
    assert not [value for value in values if value in shown]


@pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")
class TestAfterAnIncompleteRestore:
    """On PostgreSQL, a dump of some tables alone, or a copy of rows, leaves a sequence behind its rows."""

    @pytest.mark.parametrize("table", ["invitation", "audit_event"])
    async def test_a_sequence_behind_its_rows_does_not_keep_invitations_from_being_stored(
        self, url: str, invitation_repository: SqlInvitationRepository, table: str
    ) -> None:
        await rows(url, text(f"ALTER TABLE {table} ALTER id RESTART WITH 1"))
        await invitation_repository.add([an_invitation("A")], an_audit_event(1))
        await rows(url, text(f"ALTER TABLE {table} ALTER id RESTART WITH 1"))

        await invitation_repository.add([an_invitation("B")], an_audit_event(2))

        counts = await row_counts(url)
        assert (counts["invitation"], counts["audit_event"]) == (2, 2)

    async def test_a_sequence_behind_the_rows_of_a_table_that_they_key_is_an_outage_that_names_it(
        self, url: str, command_event_repository: SqlCommandEventRepository
    ) -> None:
        await self._number_like_an_existing_row(url, command_event_repository)

        with pytest.raises(SequenceLost, match="the numbers of the table command_event are behind its rows"):
            await command_event_repository.record(A_COMMAND_EVENT)

    @pytest.mark.parametrize("table", ["invitation", "audit_event"])
    async def test_rows_that_are_not_numbered_any_more_are_an_outage(
        self, new_database_url: Databases, table: str
    ) -> None:
        url = new_database_url.migrated_url()
        await rows(url, text(f"ALTER TABLE {table} ALTER id DROP IDENTITY"))
        database = connect(make_url(url))

        with pytest.raises(SequenceLost, match=table):
            await SqlInvitationRepository(database).add([an_invitation()], an_audit_event())

        await database.close()

    async def test_the_documented_statements_repair_it(
        self, url: str, command_event_repository: SqlCommandEventRepository
    ) -> None:
        page = (ROOT / "docs" / "operations" / "monitor.md").read_text()
        statements = re.findall(r"^SELECT setval.*;$", page, re.MULTILINE)
        await self._number_like_an_existing_row(url, command_event_repository)

        for statement in statements:
            await rows(url, text(statement))

        await command_event_repository.record(A_COMMAND_EVENT)
        assert len(statements) == 4

    async def _number_like_an_existing_row(
        self, url: str, command_event_repository: SqlCommandEventRepository
    ) -> None:
        restart = text("ALTER TABLE command_event ALTER id RESTART WITH 1")
        await rows(url, restart)
        await command_event_repository.record(A_COMMAND_EVENT)
        await rows(url, restart)
