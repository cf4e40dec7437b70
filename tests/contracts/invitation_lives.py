"""What the contracts on issued invitations share: how they are issued, and how their lives go on."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from msgspec import structs

from application.ports.invitations import InvitationRepository
from domain.idempotency import IdempotencyRecord
from domain.invitations import InvitationLife
from domain.organisations import OrganisationId
from tests.builders import EXPIRY, HOSPITAL, NOW, a_patient_id, an_audit_event, an_invitation

Lived: TypeAlias = Callable[[str, InvitationLife], Awaitable[None]]
"""Gives the invitation of a code the life that it has led until now."""


def code_of(batch: int, patient: int) -> str:
    """Give the code of a patient in a batch."""
    return f"{batch:05}{patient:05}"


async def issue(
    store: InvitationRepository,
    batch: int,
    *patients: int,
    organisation_id: OrganisationId = HOSPITAL,
    remembered: IdempotencyRecord | None = None,
) -> None:
    """Store the invitations of patients, all issued by one request."""
    invitations = [
        structs.replace(
            an_invitation(code_of(batch, patient), patient=patient, request=batch),
            organisation_id=organisation_id,
        )
        for patient in patients
    ]
    event = structs.replace(
        an_audit_event(batch, issued_patients=map(a_patient_id, patients)), organisation_id=organisation_id
    )
    (await store.add(invitations, event, remembered)).unwrap()


def a_life(**changes: object) -> InvitationLife:
    return structs.replace(InvitationLife(NOW, EXPIRY), **changes)
