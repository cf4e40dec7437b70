"""The rules of eligibility, and the decisions about the patients of a request."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.patients import Patient, PatientId


def age_on(day: date, date_of_birth: date) -> int:
    """Count the birthdays reached by `day`, the birthday itself included.

    Who was born on 29 February reaches the age on 1 March in a common year.
    Source: Family Law Reform Act 1969 s.9; Age of Legal Capacity (Scotland) Act 1991 s.6.
    """
    birthday_is_ahead = (day.month, day.day) < (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - birthday_is_ahead


class OmissionReason(StrEnum):
    """Why a patient is omitted from the answer, in the order in which the reasons are checked."""

    NOT_FOUND = "not-found"
    NO_CARE_RELATIONSHIP = "no-care-relationship"
    NOT_TO_BE_INVITED = "not-to-be-invited"
    DECEASED = "deceased"
    ALREADY_REGISTERED = "already-registered"
    NO_DATE_OF_BIRTH = "no-date-of-birth"
    UNDER_MINIMUM_AGE = "under-minimum-age"


class EligibilityPolicy(Struct, frozen=True):
    """The rules of eligibility. `minimum_age` is in completed years.

    Source: http://dev.patientsknowbest.com/home/fhir-api/operation/generate-invitation-tokens
    """

    minimum_age: int = 16

    def assess(self, patient: Patient | None, today: date) -> Result[Patient, OmissionReason]:
        """Return the patient who may be invited today, or the first reason why not."""
        if patient is None:
            return Failure(OmissionReason.NOT_FOUND)
        if not patient.care_relationship:
            return Failure(OmissionReason.NO_CARE_RELATIONSHIP)
        if patient.held_until is not None and today <= patient.held_until:
            return Failure(OmissionReason.NOT_TO_BE_INVITED)
        if patient.deceased:
            return Failure(OmissionReason.DECEASED)
        if patient.registered:
            return Failure(OmissionReason.ALREADY_REGISTERED)
        if patient.date_of_birth is None:
            return Failure(OmissionReason.NO_DATE_OF_BIRTH)
        if age_on(today, patient.date_of_birth) < self.minimum_age:
            return Failure(OmissionReason.UNDER_MINIMUM_AGE)
        return Success(patient)


class PatientToInvite(Struct, frozen=True):
    """A patient to invite; `position` is the first one in the request, from 0."""

    position: int
    patient_id: PatientId


class OmittedPatient(Struct, frozen=True):
    """An omitted identifier, and the reason.

    `position` is the first one in the request, from 0; `patient_id` is None if no patient has the identifier.
    """

    position: int
    reason: OmissionReason
    patient_id: PatientId | None


class Decisions(Struct, frozen=True):
    """Each distinct identifier of a request is either invited or omitted, in request order."""

    invited: Sequence[PatientToInvite]
    omitted: Sequence[OmittedPatient]

    @property
    def patients(self) -> tuple[PatientId, ...]:
        """The patients to invite: fewer than the identifiers if two of them name the same patient."""
        return tuple(dict.fromkeys(each.patient_id for each in self.invited))

    @property
    def times_omitted(self) -> Mapping[OmissionReason, int]:
        """How many identifiers are omitted for each reason."""
        return Counter(each.reason for each in self.omitted)

    @property
    def omitted_patients(self) -> Mapping[OmissionReason, tuple[PatientId, ...]]:
        """The known patients among those that are omitted for each reason."""
        patients: dict[OmissionReason, dict[PatientId, None]] = {}
        for each in self.omitted:
            if each.patient_id is not None:
                patients.setdefault(each.reason, {})[each.patient_id] = None
        return {reason: tuple(ids) for reason, ids in patients.items()}

    def without(self, patients: Collection[PatientId]) -> "Decisions":
        """Give the decisions with these patients omitted, because they must not be invited."""
        omitted = [
            OmittedPatient(each.position, OmissionReason.NOT_TO_BE_INVITED, each.patient_id)
            for each in self.invited
            if each.patient_id in patients
        ]
        return Decisions(
            [each for each in self.invited if each.patient_id not in patients],
            sorted([*self.omitted, *omitted], key=lambda each: each.position),
        )

    def repeated(self, today: "Decisions") -> "Decisions":
        """Give the decisions for the same request when it is sent again and decided like this today.

        A patient stays invited who may still be invited. A patient who was omitted stays omitted, because no
        invitation was issued. The reasons are those of today, where there are any.
        """
        still_invited = {*today.invited}
        omitted_today = {each.position: each for each in today.omitted}
        omitted = [omitted_today.get(each.position, each) for each in self.omitted]
        # the identifier may name another patient by now, whose invitation this is not
        omitted += [
            omitted_today.get(each.position, OmittedPatient(each.position, OmissionReason.NOT_FOUND, None))
            for each in self.invited
            if each not in still_invited
        ]
        return Decisions(
            [each for each in self.invited if each in still_invited],
            sorted(omitted, key=lambda each: each.position),
        )
