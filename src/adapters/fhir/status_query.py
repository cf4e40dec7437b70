"""The answer of the operation status-query.

Source: http://dev.patientsknowbest.com/home/fhir-api/operation/status-query
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from adapters.fhir.elements import Identifier
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.operations import PATIENT_STATUS
from adapters.fhir.parameters import Parameter, Parameters
from application.query_patient_status import IdentifierStatus, PatientStatuses
from domain.identifiers import RequestedIdentifier
from domain.patients import Known, NoAccess, NotFound, PatientStatus

NO_ACCESS = "No access"
NOT_FOUND = "Not found"


def patient_statuses(answer: PatientStatuses) -> Parameters:
    """Write the status of each identifier."""
    return Parameters(resource_type="Parameters", parameter=[_entry(each) for each in answer.statuses])


def _entry(answered: IdentifierStatus) -> Parameter:
    identifier = Identifier(system=answered.identifier.system, value=answered.identifier.value)
    return Parameter(
        name=PATIENT_STATUS,
        part=[Parameter(name=PATIENT_IDENTIFIER, value_identifier=identifier), *_parts(answered.status)],
    )


def _parts(status: PatientStatus) -> list[Parameter]:
    match status:
        case Known(deceased, registered, date() as born):
            date_of_birth = Parameter(name="dateOfBirth", value_date=born.isoformat())
            return [*_flags(deceased=deceased, registered=registered), date_of_birth]
        case Known(deceased, registered):
            return _flags(deceased=deceased, registered=registered)
        case NoAccess(deceased, registered):
            return [*_flags(deceased=deceased, registered=registered), _diagnostics(NO_ACCESS)]
        case NotFound():
            return [_diagnostics(NOT_FOUND)]
        case _:
            assert_never(status)


def _flags(*, deceased: bool, registered: bool) -> list[Parameter]:
    return [
        Parameter(name="deceased", value_boolean=deceased),
        Parameter(name="registered", value_boolean=registered),
    ]


def _diagnostics(sentence: str) -> Parameter:
    return Parameter(name="diagnostics", value_string=sentence)


def read_patient_statuses(parameters: Parameters) -> Sequence[IdentifierStatus]:
    """Read an answer as a client does, parts by name. Raises ValueError if an entry is malformed."""
    return [
        _identifier_status({part.name: part for part in entry.part or []})
        for entry in parameters.parameter or ()
        if entry.name == PATIENT_STATUS
    ]


def _identifier_status(parts: Mapping[str, Parameter]) -> IdentifierStatus:
    match parts:
        case {
            "patientIdentifier": Parameter(
                value_identifier=Identifier(system=str() as system, value=str() as value)
            )
        }:
            return IdentifierStatus(RequestedIdentifier(system, value), _status(parts))
        case _:
            raise ValueError("an entry of patientStatus has no identifier")


def _status(parts: Mapping[str, Parameter]) -> PatientStatus:
    match parts:
        case {
            "deceased": Parameter(value_boolean=bool() as deceased),
            "registered": Parameter(value_boolean=bool() as registered),
        }:
            if "diagnostics" in parts:
                return NoAccess(deceased, registered)
            born = parts["dateOfBirth"].value_date if "dateOfBirth" in parts else None
            return Known(deceased, registered, date.fromisoformat(born) if born else None)
        case {"diagnostics": Parameter(value_string=str())}:
            return NotFound()
        case _:
            raise ValueError("an entry of patientStatus is not complete")
