"""Patients, as one organisation sees them."""

from datetime import date
from typing import NewType
from uuid import UUID

from domain.confidential import Confidential

PatientId = NewType("PatientId", UUID)
"""Ours, not a national identifier: safe to keep in an audit record."""


class Patient(Confidential, frozen=True):
    """What decides whether an organisation may invite a patient.

    `date_of_birth` is None unless the full date is known: a year or a month alone cannot be checked
    against what the patient types in at registration. `care_relationship` says whether the
    organisation that asks has access to the patient.
    """

    id: PatientId
    date_of_birth: date | None
    deceased: bool
    registered: bool
    care_relationship: bool
