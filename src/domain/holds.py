"""Holds: patients who must not be invited, and why."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, structs

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


def restricted_record(reported_at: datetime) -> Hold:
    """Give the hold of a patient whose record is restricted: for all organisations, without an end.

    Source: http://hl7.org/fhir/STU3/v3/ConfidentialityClassification/vs.html
    """
    return Hold(None, HoldReason.RESTRICTED_RECORD, reported_at.date())


def renewed(before: Hold | None, hold: Hold) -> Hold:
    """Give a hold that is placed when there may be one of its kind: that one takes the new last day."""
    return hold if before is None else structs.replace(before, ends_on=hold.ends_on)
