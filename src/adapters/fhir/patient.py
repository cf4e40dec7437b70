"""The resource Patient, as far as it is read.

Source: http://hl7.org/fhir/STU3/patient.html
"""

from typing import Literal

from msgspec import Struct

from adapters.fhir.elements import Unread


class PatientIdentifierElement(Struct, rename="camel"):
    """An identifier of a patient; of the many that there may be, the national ones count."""

    system: str = ""
    value: str = ""


class PatientResource(Struct, rename="camel"):
    """A patient. Elements that mean nothing here are skipped: a record holds far more than is read."""

    resource_type: Literal["Patient"]
    identifier: list[PatientIdentifierElement] = []
    birth_date: str | None = None
    deceased_boolean: bool = False
    deceased_date_time: str | None = None
    modifier_extension: list[Unread] = []
