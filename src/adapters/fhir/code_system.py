"""The resource that lists the codes of a system.

Source: http://hl7.org/fhir/STU3/codesystem.html
"""

from typing import Literal

from adapters.fhir.definition import Definition
from adapters.fhir.elements import Element


class Concept(Element, frozen=True, kw_only=True):
    """A code and what it means."""

    code: str
    display: str
    definition: str


class CodeSystem(Definition, frozen=True, kw_only=True):
    """Codes and what they mean: all of the system's, or those that are used here."""

    title: str
    status: Literal["active"]
    description: str
    case_sensitive: bool
    content: Literal["complete", "fragment"]
    concept: list[Concept]
