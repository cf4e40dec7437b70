"""What is on record about a call: who asked, for whom, and what was decided about each patient."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from domain.access import Operation
from domain.eligibility import OmissionReason
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId


class Outcome(StrEnum):
    """What became of a call whose caller was authenticated."""

    CARRIED_OUT = "carried-out"
    ANSWERED_AGAIN = "answered-again"
    SCOPE_MISSING = "scope-missing"
    ORGANISATION_MISSING = "organisation-missing"
    ORGANISATION_MALFORMED = "organisation-malformed"
    ORGANISATION_FORBIDDEN = "organisation-forbidden"
    THROTTLED = "throttled"
    REQUEST_NOT_UNDERSTOOD = "request-not-understood"
    IDENTIFIERS_REFUSED = "identifiers-refused"
    IDEMPOTENCY_KEY_REFUSED = "idempotency-key-refused"


ISSUED = "issued"
ANSWERED = "answered"


class AuditEvent(Struct, frozen=True):
    """One call on an operation. Patients appear by internal id alone.

    `organisation_id` is None when the caller named none. `asked` counts the identifiers in the request,
    0 if they were not read, `omitted` the distinct identifiers left out, or whose status was not told in
    full; `omitted_patients` names those of them whose patient is known. `replayed_request_id` is that of
    the request whose answer was given again.
    """

    request_id: RequestId
    recorded_at: datetime
    operation: Operation
    outcome: Outcome
    client_id: str
    organisation_id: OrganisationId | None
    asked: int = 0
    issued_patients: tuple[PatientId, ...] = ()
    answered_patients: tuple[PatientId, ...] = ()
    omitted: Mapping[OmissionReason, int] = {}
    omitted_patients: Mapping[OmissionReason, tuple[PatientId, ...]] = {}
    replayed_request_id: RequestId | None = None

    @property
    def decisions(self) -> Mapping[str, tuple[PatientId, ...]]:
        """What was decided, in a word each, and the patients for whom it was."""
        return {
            ISSUED: self.issued_patients,
            ANSWERED: self.answered_patients,
            **{reason.value: patients for reason, patients in self.omitted_patients.items()},
        }
