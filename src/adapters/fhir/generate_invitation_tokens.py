"""The answer of the operation generate-invitation-tokens.

Source: http://dev.patientsknowbest.com/home/fhir-api/operation/generate-invitation-tokens
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import UNSET

from adapters.fhir.elements import Identifier
from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.operations import OUTCOME, PATIENT_IDENTIFIER, PATIENT_TOKENS
from adapters.fhir.parameters import Parameter, Parameters
from application.generate_invitation_tokens import GeneratedTokens, InvitedPatient
from domain.invitation import InvitationToken
from domain.requested_identifiers import RequestedIdentifier


def patient_tokens(generated: GeneratedTokens, outcome: OperationOutcome | None = None) -> Parameters:
    """Write the tokens of the patients invited; the others are left out, or told of in an outcome."""
    parameters = [_patient_tokens(patient) for patient in generated.invited]
    if outcome is not None:
        parameters.append(Parameter(name=OUTCOME, resource=outcome))
    return Parameters(resource_type="Parameters", parameter=parameters or UNSET)


def _patient_tokens(patient: InvitedPatient) -> Parameter:
    identifier = Identifier(system=patient.identifier.system, value=patient.identifier.value)
    token = patient.invitation_token
    # in the order of the published example, in which clients may have come to expect them
    return Parameter(
        name=PATIENT_TOKENS,
        part=[
            Parameter(name=PATIENT_IDENTIFIER, value_identifier=identifier),
            Parameter(name="code", value_string=token.code),
            Parameter(name="token", value_string=token.token),
            Parameter(name="expiry", value_date_time=_date_time(token.expires_at)),
        ],
    )


# the tokens of an answer expire together
@lru_cache(maxsize=8)
def _date_time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def read_patient_tokens(parameters: Parameters) -> Sequence[InvitedPatient]:
    """Read an answer as a client does: parts by name. Raises ValueError when one is missing."""
    return [
        _invited_patient(entry.part or [])
        for entry in parameters.parameter or ()
        if entry.name == PATIENT_TOKENS
    ]


def _invited_patient(parts: Sequence[Parameter]) -> InvitedPatient:
    match {part.name: part for part in parts}:
        case {
            "patientIdentifier": Parameter(
                value_identifier=Identifier(system=str() as system, value=str() as value)
            ),
            "code": Parameter(value_string=str() as code),
            "token": Parameter(value_string=str() as token),
            "expiry": Parameter(value_date_time=str() as expiry),
        }:
            return InvitedPatient(
                RequestedIdentifier(system, value),
                InvitationToken(code, token, datetime.fromisoformat(expiry)),
            )
        case _:
            raise ValueError("an entry of patientTokens is not complete")
