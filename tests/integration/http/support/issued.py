"""Counts the invitations in the database."""

from collections.abc import Mapping

from sqlalchemy import func, select

from adapters.sql.tables import audit_event, invitation
from domain.audit import Outcome
from tests.integration.sql.rows import rows


async def requests_and_invitations(environment: Mapping[str, str]) -> tuple[int, int]:
    """Count the requests that were carried out, and the invitations."""
    url = environment["INVITATIONS_DATABASE_URL"]
    carried_out = select(func.count()).where(audit_event.c.outcome == Outcome.CARRIED_OUT)
    [[requests]] = await rows(url, carried_out)
    [[invitations]] = await rows(url, select(func.count()).select_from(invitation))
    return requests, invitations
