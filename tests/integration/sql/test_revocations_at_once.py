"""A revocation beside confirmations: each invitation is redeemed or revoked, never both."""

import asyncio

import pytest
from sqlalchemy import Update, select, update

from adapters.sql.database import Database
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.revocation import SqlInvitationRevocations
from adapters.sql.tables import invitation
from tests.builders import NOW, an_invitation
from tests.contracts.invitation_lives import code_of, issue
from tests.contracts.invitation_revocations_contract import an_event, revocation
from tests.integration.sql.rows import rows
from tests.integration.sql.statements import recorded_statements

PATIENTS = range(1, 21)


def _confirmation(patient: int) -> Update:
    """Redeem an invitation as a confirmation does: only if nothing has become of it."""
    return (
        update(invitation)
        .where(
            invitation.c.code_digest == an_invitation(code_of(1, patient)).code_digest,
            invitation.c.redeemed_at.is_(None),
            invitation.c.revoked_at.is_(None),
        )
        .values(redeemed_at=NOW)
    )


async def _redeem(database: Database, patient: int) -> int:
    redeemed = await database.write(lambda connection: connection.execute(_confirmation(patient)))
    return int(redeemed.rowcount)


async def test_each_invitation_has_one_outcome_and_the_answers_say_which(
    url: str,
    database: Database,
    invitation_repository: SqlInvitationRepository,
    invitation_revocations: SqlInvitationRevocations,
) -> None:
    await issue(invitation_repository, 1, *PATIENTS)

    first, revoked, second = await asyncio.gather(
        asyncio.gather(*(_redeem(database, patient) for patient in PATIENTS[::2])),
        invitation_revocations.revoke(revocation(*PATIENTS, batch=1), an_event),
        asyncio.gather(*(_redeem(database, patient) for patient in PATIENTS[1::2])),
    )

    stored = await rows(url, select(invitation.c.redeemed_at, invitation.c.revoked_at))
    assert all((row.redeemed_at is None) != (row.revoked_at is None) for row in stored)
    assert sum([*first, *second]) + revoked.count == len(PATIENTS)


@pytest.mark.parametrize("size", [pytest.param(1, id="1"), pytest.param(500, id="500")])
async def test_invitations_of_any_number_are_revoked_by_four_statements(
    invitation_repository: SqlInvitationRepository,
    invitation_revocations: SqlInvitationRevocations,
    size: int,
) -> None:
    patients = range(1, size + 1)
    await issue(invitation_repository, 1, *patients)

    async with recorded_statements() as statements:
        await invitation_revocations.revoke(revocation(*patients, batch=1), an_event)

    assert len([each for each in statements if each.startswith(("UPDATE", "SELECT", "INSERT"))]) == 4
