"""The resource OperationDefinition, which describes an operation.

Source: http://hl7.org/fhir/STU3/operationdefinition.html
"""

from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType

from adapters.fhir.elements import Definition, Element
from adapters.fhir.operation_declaration import (
    ANY_NUMBER,
    OperationDeclaration,
    OperationParameter,
    ParameterType,
)

ParameterUse: TypeAlias = Literal["in", "out"]


class ParameterDefinition(Element, frozen=True, kw_only=True):
    """A parameter. `max` is text, because it may be `*`."""

    name: str
    use: ParameterUse
    min: int
    max: str
    documentation: str
    type: ParameterType | UnsetType = UNSET
    part: list["ParameterDefinition"] | UnsetType = UNSET


class OperationDefinition(Definition, frozen=True, kw_only=True):
    """The parameters and the level of an operation."""

    status: Literal["active"]
    kind: Literal["operation"]
    description: str
    idempotent: bool
    code: str
    comment: str
    resource: list[str]
    system: bool
    type: bool
    instance: bool
    parameter: list[ParameterDefinition]


def operation_definition(operation: OperationDeclaration) -> OperationDefinition:
    """Describe an operation."""
    return OperationDefinition(
        resource_type="OperationDefinition",
        id=operation.id,
        url=operation.url,
        name=operation.code,
        status="active",
        kind="operation",
        description=operation.description,
        idempotent=operation.idempotent,
        code=operation.code,
        comment=operation.comment,
        resource=[operation.resource],
        system=False,
        type=True,
        instance=False,
        parameter=[
            *(_definition(each, "in") for each in operation.takes),
            *(_definition(each, "out") for each in operation.gives),
        ],
    )


def _definition(parameter: OperationParameter, use: ParameterUse) -> ParameterDefinition:
    return ParameterDefinition(
        name=parameter.name,
        use=use,
        min=parameter.min,
        max="*" if parameter.max == ANY_NUMBER else str(parameter.max),
        documentation=parameter.documentation,
        type=parameter.type or UNSET,
        part=[_definition(part, use) for part in parameter.parts] or UNSET,
    )
