"""Invitations: what is stored, and what is handed out."""

from datetime import datetime
from typing import NewType
from uuid import UUID

from msgspec import Struct

from domain.confidential import Confidential
from domain.organisation import OrganisationId
from domain.patient import PatientId

RequestId = NewType("RequestId", UUID)
"""Drawn at random for every request; the same for all its invitations and its audit event."""


class InvitationToken(Confidential, frozen=True):
    """What the patient types in at registration, together with the date of birth, before it expires."""

    code: str
    token: str
    expires_at: datetime


class Invitation(Struct, frozen=True):
    """A patient's invitation on behalf of an organisation. It holds digests of code and token, never the two.

    `key_id` names the key that both the digests and the secrets were derived under.
    """

    patient_id: PatientId
    organisation_id: OrganisationId
    request_id: RequestId
    code_digest: bytes
    token_digest: bytes
    key_id: str
    issued_at: datetime
    expires_at: datetime
