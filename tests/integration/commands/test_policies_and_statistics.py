"""Organisations that are disabled, grants with a lifetime, and what became of invitations."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.tables import command_event
from domain.administration import Command, CommandOutcome
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, an_audit_event, an_invitation
from tests.contracts.invitation_lives import issue
from tests.integration.commands.shell import Outcome
from tests.integration.sql.rows import rows

Run = Callable[..., Outcome]


def test_an_organisation_is_disabled_listed_and_enabled(command: Run) -> None:
    disabled = command("organisations", "disable", str(HOSPITAL))
    listed = command("organisations", "list")
    enabled = command("organisations", "enable", str(HOSPITAL))

    assert disabled == Outcome(0, f"Disabled organisation {HOSPITAL}.\n", "")
    assert listed.output.splitlines() == [
        f"{HOSPITAL}\tdisabled\tHospital",
        f"{OTHER_HOSPITAL}\tenabled\tHospital",
    ]
    assert enabled == Outcome(0, f"Enabled organisation {HOSPITAL}.\n", "")


@pytest.mark.parametrize("change", ["disable", "enable"])
def test_an_unknown_organisation_is_refused(command: Run, change: str) -> None:
    unknown = "99999999-9999-4999-8999-999999999999"

    outcome = command("organisations", change, unknown)

    assert outcome == Outcome(1, "", f"invitations: there is no organisation {unknown}\n")


def test_a_grant_keeps_its_lifetime_until_it_gets_another(command: Run) -> None:
    command("clients", "grant", "sms", str(HOSPITAL), "--lifetime-days", "2")
    command("clients", "grant", "sms", str(HOSPITAL))
    command("clients", "grant", "mail-house", str(HOSPITAL))

    listed = command("clients", "list")

    assert listed.output.splitlines() == [f"mail-house\t{HOSPITAL}", f"sms\t{HOSPITAL}\t2"]


def test_each_change_of_a_policy_and_each_purge_is_on_record(command: Run, ready_url: str) -> None:
    by = ("--operator", "Ann Smith")
    command("organisations", "disable", str(HOSPITAL), *by)
    command("organisations", "enable", str(HOSPITAL), *by)
    command("clients", "grant", "sms", str(HOSPITAL), "--lifetime-days", "2", *by)
    command("purge", "--expired-before", "2026-01-01", "--redeemed-before", "2026-01-01", *by)

    columns = command_event.c
    ended = select(columns.command, columns.organisation_id, columns.counts).where(
        columns.operator == "Ann Smith", columns.outcome == CommandOutcome.CARRIED_OUT
    )
    assert [tuple(each) for each in asyncio.run(rows(ready_url, ended.order_by(columns.id)))] == [
        (Command.DISABLE_ORGANISATION, HOSPITAL.value, {}),
        (Command.ENABLE_ORGANISATION, HOSPITAL.value, {}),
        (Command.GRANT_ACCESS, HOSPITAL.value, {"lifetime-days": 2}),
        (Command.PURGE, None, {"deleted": 0}),
    ]


@pytest.mark.parametrize("days", ["0", "-1", "x", "40000"])
def test_an_impossible_lifetime_is_refused(command: Run, days: str) -> None:
    assert command("clients", "grant", "sms", str(HOSPITAL), "--lifetime-days", days).code == 2


def _issue(url: str) -> None:
    async def store() -> None:
        database = connect(make_url(url))
        invitations = SqlInvitationRepository(database)
        await issue(invitations, 1, 1, 2)
        later = structs.replace(an_invitation("later", patient=1, request=2), issued_at=NOW + timedelta(7))
        await invitations.add([later], an_audit_event(2))
        await database.close()

    asyncio.run(store())


def test_statistics_are_a_table_for_people(command: Run, ready_url: str) -> None:
    _issue(ready_url)

    outcome = command("statistics")

    head, row = outcome.output.splitlines()
    assert head.split("  ")[0] == "organisation"
    assert row.split()[:3] == [str(HOSPITAL), "3", "2"]
    assert row.split()[-1] == "-"


def test_statistics_are_json_for_programs_and_stay_after_a_purge(command: Run, ready_url: str) -> None:
    _issue(ready_url)
    arguments = ("statistics", "--by", "week", "--json", "--organisation", str(HOSPITAL))
    before = command(*arguments)

    purged = command("purge", "--expired-before", "2026-01-01", "--redeemed-before", "2026-01-01")

    assert purged.code == 0
    assert command(*arguments) == before
    assert [json.loads(line)["week"] for line in before.output.splitlines()] == ["2026-11-30", "2026-12-07"]
    assert json.loads(before.output.splitlines()[0])["issued"] == 2


def test_without_invitations_statistics_say_so(command: Run) -> None:
    assert command("statistics").output == "No invitations.\n"
