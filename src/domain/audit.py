"""The audit of calls: who asked, for which patients, and what the service decided about each."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from domain.access import Operation
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId


class Outcome(StrEnum):
    """The outcome of a call whose caller was authenticated."""

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
    BATCH_UNKNOWN = "batch-unknown"
    REDEMPTION_FORBIDDEN = "redemption-forbidden"
    CODE_UNKNOWN = "code-unknown"
    TOKEN_WRONG = "token-wrong"  # noqa: S105 - the name of an outcome
    BIRTH_DATE_WRONG = "birth-date-wrong"
    INVITATION_EXPIRED = "invitation-expired"
    INVITATION_SPENT = "invitation-spent"
    INVITATION_LOCKED = "invitation-locked"
    NO_LONGER_ELIGIBLE = "no-longer-eligible"
    CLAIM_OVER = "claim-over"


CLAIM_REFUSALS = (
    Outcome.CODE_UNKNOWN,
    Outcome.TOKEN_WRONG,
    Outcome.BIRTH_DATE_WRONG,
    Outcome.INVITATION_EXPIRED,
    Outcome.INVITATION_SPENT,
    Outcome.INVITATION_LOCKED,
    Outcome.NO_LONGER_ELIGIBLE,
)
"""Why a claim is refused. The first three are what guessing looks like."""


class AuditEvent(Struct, frozen=True):
    """One call on an operation. Patients appear by internal id alone.

    `organisation_id` is None when neither the caller nor its code or claim named one. `asked` counts the
    identifiers in the request, 0 if they were not read. `omitted` counts the distinct identifiers that were
    omitted, or whose status was not given in full; `omitted_patients` holds those of them whose patient is
    known. In an attempt at redemption that is refused, the reason is the outcome, or why the patient is not
    eligible. `replayed_request_id` is the request whose answer was given again. `batch` is the request whose
    invitations were asked for or revoked, if the call named one, and `reason` is why they were revoked.

    An event that a newer release recorded may have an operation, an outcome or a reason that this release
    does not know. It is then the text as recorded.
    """

    request_id: RequestId
    recorded_at: datetime
    operation: Operation | str
    outcome: Outcome | str
    client_id: str
    organisation_id: OrganisationId | None
    asked: int = 0
    issued_patients: tuple[PatientId, ...] = ()
    answered_patients: tuple[PatientId, ...] = ()
    omitted: Mapping[str, int] = {}
    omitted_patients: Mapping[str, tuple[PatientId, ...]] = {}
    replayed_request_id: RequestId | None = None
    revoked_patients: tuple[PatientId, ...] = ()
    batch: RequestId | None = None
    reason: str | None = None
