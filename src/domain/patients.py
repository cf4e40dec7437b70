"""Patients as an organisation sees them: whether it may invite them, and what it may know of them."""

from datetime import date
from typing import NewType, TypeAlias
from uuid import UUID

from domain.confidential import Confidential

PatientId = NewType("PatientId", UUID)
"""Ours, not a national identifier: safe to keep in an audit record."""


class Patient(Confidential, frozen=True):
    """The facts that decide whether an organisation may invite a patient.

    `date_of_birth` is None unless the full date is known: a year or a month alone cannot be checked
    against what the patient types in at registration. `care_relationship` says whether the
    organisation that asks has access to the patient. `held_until` is the last day of the holds that count
    for that organisation: None without a hold, and the last of all dates for a hold without an end.
    """

    id: PatientId
    date_of_birth: date | None
    deceased: bool
    registered: bool
    care_relationship: bool
    held_until: date | None = None


class Known(Confidential, frozen=True):
    """The organisation has access to the patient. `date_of_birth` is None unless the full date is known."""

    deceased: bool
    registered: bool
    date_of_birth: date | None


class NoAccess(Confidential, frozen=True):
    """The patient is known, but the organisation has no care relationship with them."""

    deceased: bool
    registered: bool


class NotFound(Confidential, frozen=True):
    """No known patient has the identifier."""


PatientStatus: TypeAlias = Known | NoAccess | NotFound


def status_of(patient: Patient | None) -> PatientStatus:
    """Give the status of a patient as the organisation may see it.

    Source: http://dev.patientsknowbest.com/home/fhir-api/operation/status-query
    """
    if patient is None:
        return NotFound()
    if not patient.care_relationship:
        return NoAccess(patient.deceased, patient.registered)
    return Known(patient.deceased, patient.registered, patient.date_of_birth)
