"""What is on record about a call: who asked, for whom, and what was decided about each patient."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from domain.eligibility_policy import IneligibilityReason
from domain.invitation import RequestId
from domain.organisation import OrganisationId
from domain.patient import PatientId


class AuditEvent(Struct, frozen=True):
    """One call that issued invitations, or could have. Patients appear by internal id alone.

    `asked` counts the identifiers in the request, `omitted` the distinct identifiers left out;
    `omitted_patients` names those of them whose patient is known.
    """

    request_id: RequestId
    recorded_at: datetime
    client_id: str
    organisation_id: OrganisationId
    asked: int
    issued_patients: tuple[PatientId, ...]
    omitted: Mapping[IneligibilityReason, int]
    omitted_patients: Mapping[IneligibilityReason, tuple[PatientId, ...]]
