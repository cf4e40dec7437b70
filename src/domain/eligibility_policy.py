"""Who may be invited to register."""

from datetime import date
from enum import StrEnum

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.age import age_on
from domain.patient import Patient


class IneligibilityReason(StrEnum):
    """Why a patient is left out of the answer, in the order in which the reasons are tried."""

    NOT_FOUND = "not-found"
    NO_CARE_RELATIONSHIP = "no-care-relationship"
    DECEASED = "deceased"
    ALREADY_REGISTERED = "already-registered"
    NO_DATE_OF_BIRTH = "no-date-of-birth"
    UNDER_MINIMUM_AGE = "under-minimum-age"


class EligibilityPolicy(Struct, frozen=True):
    """The rules of eligibility. `minimum_age` is in completed years.

    Source: http://dev.patientsknowbest.com/home/fhir-api/operation/generate-invitation-tokens
    """

    minimum_age: int = 16

    def assess(self, patient: Patient | None, today: date) -> Result[Patient, IneligibilityReason]:
        """Return the patient who may be invited today, or the first reason why not."""
        if patient is None:
            return Failure(IneligibilityReason.NOT_FOUND)
        if not patient.care_relationship:
            return Failure(IneligibilityReason.NO_CARE_RELATIONSHIP)
        if patient.deceased:
            return Failure(IneligibilityReason.DECEASED)
        if patient.registered:
            return Failure(IneligibilityReason.ALREADY_REGISTERED)
        if patient.date_of_birth is None:
            return Failure(IneligibilityReason.NO_DATE_OF_BIRTH)
        if age_on(today, patient.date_of_birth) < self.minimum_age:
            return Failure(IneligibilityReason.UNDER_MINIMUM_AGE)
        return Success(patient)
