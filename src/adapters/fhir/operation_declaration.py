"""How an operation is declared: its names, parameters and documentation."""

import sys
from typing import Literal, TypeAlias

from msgspec import Struct

from domain.access import Operation

ROOT = "/fhir"
"""The path under which the service answers."""

ParameterType: TypeAlias = Literal["Identifier", "boolean", "code", "date", "dateTime", "integer", "string"]
"""The types of http://hl7.org/fhir/STU3/valueset-all-types.html in use here."""


ANY_NUMBER = sys.maxsize
"""As often as it likes, written `*`."""


class OperationParameter(Struct, frozen=True, kw_only=True):
    """A parameter, with a type or with parts."""

    name: str
    min: int
    max: int
    type: ParameterType | None = None
    documentation: str
    parts: tuple["OperationParameter", ...] = ()


class OperationDeclaration(Struct, frozen=True, kw_only=True):
    """An operation on a type of resources, with its input and output parameters.

    The route, the reader of bodies, the OperationDefinition and the capability statement use it.
    `description` is Markdown.
    """

    url: str
    code: Operation
    resource: str
    title: str
    description: str
    comment: str
    idempotent: bool
    takes: tuple[OperationParameter, ...]
    gives: tuple[OperationParameter, ...]

    @property
    def id(self) -> str:
        """The logical id of its definition, in the usual form: `t` stands for the type level."""
        return f"{self.resource}-t-{self.code}"

    @property
    def path(self) -> str:
        """Its path: http://hl7.org/fhir/STU3/operations.html#executing ."""
        return f"{ROOT}/{self.resource}/${self.code}"

    @property
    def limit(self) -> int:
        """How often a request may repeat the first input parameter."""
        return self.takes[0].max

    @property
    def most(self) -> int:
        """How many parameters a request can have, if it repeats each as often as it may."""
        return sum(each.max for each in self.takes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the input parameters."""
        return tuple(each.name for each in self.takes)


PATIENT_IDENTIFIER = "patientIdentifier"


def part(name: str, kind: ParameterType, documentation: str, *, minimum: int = 1) -> OperationParameter:
    """Declare a part that occurs once at most."""
    return OperationParameter(name=name, min=minimum, max=1, type=kind, documentation=documentation)


IDENTIFIER_DOCUMENTATION = (
    "An NHS, CHI or Health & Care number. One identifier of another system rejects the whole request."
)
ANSWERED_IDENTIFIER = part(PATIENT_IDENTIFIER, "Identifier", "The patient identifier as it was sent.")
