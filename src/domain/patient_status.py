"""What an organisation is told of a patient."""

from datetime import date
from typing import TypeAlias

from domain.confidential import Confidential
from domain.patient import Patient


class Known(Confidential, frozen=True):
    """The organisation has access to the patient. `date_of_birth` is None unless the full date is known."""

    deceased: bool
    registered: bool
    date_of_birth: date | None


class NoAccess(Confidential, frozen=True):
    """The patient is known, and the organisation has no care relationship with them."""

    deceased: bool
    registered: bool


class NotFound(Confidential, frozen=True):
    """The identifier names nobody who is known."""


PatientStatus: TypeAlias = Known | NoAccess | NotFound


def status_of(patient: Patient | None) -> PatientStatus:
    """Tell what the organisation that a patient was looked up for may know of them.

    Source: http://dev.patientsknowbest.com/home/fhir-api/operation/status-query
    """
    if patient is None:
        return NotFound()
    if not patient.care_relationship:
        return NoAccess(patient.deceased, patient.registered)
    return Known(patient.deceased, patient.registered, patient.date_of_birth)
