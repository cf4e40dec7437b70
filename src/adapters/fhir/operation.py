"""What an operation is called, takes and gives: declared once for all that is made of it."""

from typing import Literal, TypeAlias

from msgspec import Struct

from domain.operation import Operation

ParameterType: TypeAlias = Literal["Identifier", "boolean", "date", "dateTime", "string"]
"""Those of http://hl7.org/fhir/STU3/valueset-all-types.html that parameters have here."""


class OperationParameter(Struct, frozen=True, kw_only=True):
    """A parameter: it has a type, or parts."""

    name: str
    min: int
    max: int
    type: ParameterType | None = None
    documentation: str
    parts: tuple["OperationParameter", ...] = ()


class OperationDeclaration(Struct, frozen=True, kw_only=True):
    """An operation on a type of resources, with a parameter that it takes and one that it gives.

    The route, what of a body is taken, the OpenAPI document, the OperationDefinition and the capability
    statement are all made of this. `description` is Markdown.
    """

    url: str
    code: Operation
    resource: str
    title: str
    description: str
    comment: str
    idempotent: bool
    takes: OperationParameter
    gives: OperationParameter

    @property
    def id(self) -> str:
        """The logical id of its definition, as servers commonly form it: `t` stands for the type level."""
        return f"{self.resource}-t-{self.code}"

    @property
    def path(self) -> str:
        """Where it is called: http://hl7.org/fhir/STU3/operations.html#executing ."""
        return f"/fhir/{self.resource}/${self.code}"

    @property
    def limit(self) -> int:
        """How often the parameter that it takes may stand in a request."""
        return self.takes.max
