"""The resources Bundle and Patient, as far as a patient search reads them; STU3 and R4 agree on that.

Source: http://hl7.org/fhir/STU3/patient.html

Source: http://hl7.org/fhir/STU3/bundle.html
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal
from uuid import UUID

from msgspec import Raw, Struct, field, json

from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.results import failed

ORGANISATION_SYSTEM = "http://fhir.patientsknowbest.com/id/public-id"
"""The identifier system of organisations, whose values are the UUIDs that callers send."""

_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Period(Struct, frozen=True):
    end: str | None = None


class _Identifier(Confidential, frozen=True):
    system: str = ""
    value: str = ""
    use: str = ""
    period: _Period = _Period()


class _Reference(Struct, frozen=True):
    identifier: _Identifier | None = None


class _Link(Struct, frozen=True):
    type: str = ""


class PatientResource(Confidential, frozen=True, rename="camel"):
    """A patient. A record holds far more than is read here."""

    id: str
    active: bool = True
    identifier: tuple[_Identifier, ...] = ()
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    deceased_boolean_element: Any = field(name="_deceasedBoolean", default=None)
    deceased_date_time_element: Any = field(name="_deceasedDateTime", default=None)
    managing_organization: _Reference = _Reference()
    general_practitioner: tuple[_Reference, ...] = ()
    link: tuple[_Link, ...] = ()
    animal: Any = None
    implicit_rules: str | None = None
    modifier_extension: tuple[Any, ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether the record is the patient's own, and not one that another has replaced."""
        return self.active and all(link.type != "replaced-by" for link in self.link)

    @property
    def understood(self) -> bool:
        """Whether nothing unknown may change what the record means.

        Source: http://hl7.org/fhir/STU3/extensibility.html#modifierExtension
        """
        return not (self.animal or self.implicit_rules or self.modifier_extension)

    @property
    def patient_identifiers(self) -> set[PatientIdentifier]:
        """The national identifiers that are the patient's today."""
        parsed = (
            PatientIdentifier.parse(each.system, each.value)
            for each in self.identifier
            if each.use != "old" and each.period.end is None
        )
        return {each.unwrap() for each in parsed if not failed(each)}

    @property
    def date_of_birth(self) -> date | None:
        """The date of birth; a year or a month alone, and what is no date, is not one."""
        try:
            return (
                date.fromisoformat(self.birth_date or "")
                if _FULL_DATE.fullmatch(self.birth_date or "")
                else None
            )
        except ValueError:
            return None

    @property
    def deceased(self) -> bool:
        """Whether the patient has died. A death without a moment, or without any value, is a death too."""
        said_without_value = self.deceased_boolean is None and self.deceased_boolean_element is not None
        dated = self.deceased_date_time is not None or self.deceased_date_time_element is not None
        return bool(self.deceased_boolean) or said_without_value or dated

    def cared_for_by(self, organisation_id: OrganisationId) -> bool:
        """Say whether the organisation keeps the patient's record or is the patient's general practice."""
        return any(
            _is_named(reference.identifier, organisation_id)
            for reference in (self.managing_organization, *self.general_practitioner)
        )


def _is_named(identifier: _Identifier | None, organisation_id: OrganisationId) -> bool:
    if identifier is None or identifier.system != ORGANISATION_SYSTEM:
        return False
    try:
        return UUID(identifier.value) == organisation_id.value
    except ValueError:
        return False


class _BundleLink(Struct, frozen=True):
    relation: str
    url: str


class _Search(Struct, frozen=True):
    mode: str = "match"


class _Entry(Struct, frozen=True):
    resource: Raw
    search: _Search = _Search()


class _Resource(Struct, frozen=True, rename="camel"):
    resource_type: str


class _Issue(Struct, frozen=True):
    severity: str = ""


class _OperationOutcome(Struct, frozen=True):
    issue: tuple[_Issue, ...] = ()


class Bundle(Struct, frozen=True, rename="camel"):
    """One page of what a search has found."""

    resource_type: Literal["Bundle"]
    link: tuple[_BundleLink, ...] = ()
    entry: tuple[_Entry, ...] = ()

    @property
    def next_url(self) -> str | None:
        """Where the next page is, if there is one."""
        return next((link.url for link in self.link if link.relation == "next"), None)

    def patients(self) -> Iterator[PatientResource]:
        """Read the patients. Raises ValueError where the server says that it could not search for all."""
        for entry in self.entry:
            kind = json.decode(entry.resource, type=_Resource).resource_type
            if kind == "OperationOutcome":
                _require_success(json.decode(entry.resource, type=_OperationOutcome))
            elif kind == "Patient" and entry.search.mode == "match":
                yield json.decode(entry.resource, type=PatientResource)


def _require_success(outcome: _OperationOutcome) -> None:
    # a server may answer 200 with a part of what there is, and say so among the entries
    if any(issue.severity in {"error", "fatal"} for issue in outcome.issue):
        raise ValueError("the search failed in part")
