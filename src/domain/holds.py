"""Holds: patients who must not be invited, and why."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from domain.organisations import OrganisationId


class HoldReason(StrEnum):
    """Why a patient must not be invited. Callers never learn it."""

    SAFEGUARDING = "safeguarding"
    LACKS_CAPACITY = "lacks-capacity"
    IN_CUSTODY = "in-custody"
    DECLINED = "declined"
    RESTRICTED_RECORD = "restricted-record"


class Hold(Struct, frozen=True):
    """Do not invite a patient, on behalf of one organisation, or of all if `organisation_id` is None.

    The hold counts from `starts_on` until `ends_on`, both included; None has no end.
    """

    organisation_id: OrganisationId | None
    reason: HoldReason
    starts_on: date
    ends_on: date | None = None
