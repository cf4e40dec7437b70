"""Reads the patient identifiers of a request, and writes them as a client does.

Source: http://hl7.org/fhir/STU3/search.html#token
"""

import re
from collections.abc import Iterable
from itertools import islice

from msgspec import UNSET
from returns.result import Failure, Result, Success

from adapters.fhir.elements import Identifier
from adapters.fhir.operation_parameters import parameter_path, read_parameters
from adapters.fhir.operations import PATIENT_IDENTIFIER, OperationDeclaration
from adapters.fhir.parameters import BodyNotValid, BodyRefused, ElementsMissing, Parameter, Parameters
from adapters.fhir.wire_format import WireFormat
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.results import failed

# possessive quantifiers, so that a long text causes no backtracking
_TOKEN = re.compile(r"(?P<system>(?:[^\\|]++|\\.)*+)\|(?P<value>(?:[^\\|]++|\\.)*+)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\|,$])")


def read_search_token(token: str) -> Identifier:
    r"""Read `system|value`, with a backslash before each literal `\`, `|`, `,` and `$`.

    A token without a bar is a value. An empty side is absent from the identifier.
    """
    both = _TOKEN.fullmatch(token)
    system, value = both.group("system", "value") if both else ("", token)
    # the pattern has a group, so the parts include the escaped characters
    return Identifier(system="".join(_ESCAPED.split(system)), value="".join(_ESCAPED.split(value)))


def read_patient_identifiers(
    body: bytes, wire_format: WireFormat, operation: OperationDeclaration
) -> Result[list[RequestedIdentifier], BodyRefused]:
    """Read the identifiers in a body of Parameters. The use case checks their number.

    At most one more than the operation's limit is read, so that a body with too many of them costs little.
    """
    read = read_parameters(body, wire_format, operation.input_names, operation.limit + 1)
    if failed(read):
        return Failure(read.failure())
    identifiers = []
    not_valid: list[str] = []
    missing: list[str] = []
    for position, parameter in enumerate(islice(read.unwrap().parameter or (), operation.limit + 1)):
        if not _may_hold_identifier(parameter):
            not_valid.append(parameter_path(position))
        identifier = _identifier_in(parameter)
        if not identifier.system or not identifier.value:
            missing.append(f"{parameter_path(position)}.{_missing_element(parameter, identifier)}")
        identifiers.append(RequestedIdentifier(identifier.system or "", identifier.value or ""))
    if not_valid:
        return Failure(BodyNotValid(tuple(not_valid)))
    return Failure(ElementsMissing(tuple(missing))) if missing else Success(identifiers)


def patient_identifiers(identifiers: Iterable[RequestedIdentifier | PatientIdentifier]) -> Parameters:
    """Write the identifiers as a client sends them."""
    return Parameters(
        resource_type="Parameters",
        parameter=[
            Parameter(
                name=PATIENT_IDENTIFIER, value_identifier=Identifier(system=each.system, value=each.value)
            )
            for each in identifiers
        ],
    )


def _may_hold_identifier(parameter: Parameter) -> bool:
    has_others = not (
        parameter.value_boolean
        is parameter.value_date
        is parameter.value_date_time
        is parameter.resource
        is parameter.part
        is UNSET
    )
    if has_others:
        return False
    has_string = not (parameter.value_string is parameter.value_string_sibling is UNSET)
    return parameter.value_identifier is UNSET or not has_string


def _identifier_in(parameter: Parameter) -> Identifier:
    if isinstance(parameter.value_identifier, Identifier):
        return parameter.value_identifier
    return read_search_token(parameter.value_string or "")


def _missing_element(parameter: Parameter, identifier: Identifier) -> str:
    if parameter.value_identifier is UNSET:
        return "value"
    return "value.value" if identifier.system else "value.system"
