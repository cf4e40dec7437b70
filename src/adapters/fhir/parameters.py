"""The resource that carries the parameters of an operation, in and out.

Source: http://hl7.org/fhir/STU3/parameters.html
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from adapters.fhir.elements import Element, Identifier, Unread
from adapters.fhir.operation_outcome import OperationOutcome
from domain.confidential import Confidential


class Parameter(Element, frozen=True, kw_only=True):
    """A named parameter: one value, a resource, or parts."""

    name: str
    value_identifier: Identifier | UnsetType = UNSET
    value_string: str | UnsetType = UNSET
    value_boolean: bool | UnsetType = UNSET
    value_date: str | UnsetType = UNSET
    value_date_time: str | UnsetType = UNSET
    resource: OperationOutcome | UnsetType = UNSET
    part: list["Parameter"] | UnsetType = UNSET


class Parameters(
    Confidential, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """The parameters of an operation. FHIR knows no empty array: without parameters the element is absent."""

    resource_type: Literal["Parameters"]
    id: str | UnsetType = UNSET
    meta: dict[str, Unread] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    parameter: list[Parameter] | UnsetType = UNSET
