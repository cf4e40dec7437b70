"""What the answers to a batch say, by patient identifier."""

from collections.abc import Sequence

from adapters.fhir.generate_invitation_tokens import read_patient_tokens
from adapters.fhir.omissions import read_omissions
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.parameters import Parameters
from adapters.fhir.status_query import read_patient_statuses
from application.ports.remote_operation import BatchAnswer
from domain.identifier_system import IdentifierSystem
from domain.invitation import InvitationToken
from domain.patient_identifier import PatientIdentifier
from domain.patient_status import PatientStatus
from domain.requested_identifiers import RequestedIdentifier


def read_invitations(
    parameters: Parameters, batch: Sequence[PatientIdentifier]
) -> BatchAnswer[InvitationToken]:
    """Read who is invited, and why others are not as far as that is told. Raises ValueError."""
    told = {_named(each.identifier): each.invitation_token for each in read_patient_tokens(parameters)}
    reasons = read_omissions(parameters)
    paths = {parameter_path(position): each for position, each in enumerate(batch)}
    return BatchAnswer(told, {paths[path]: reason for path, reason in reasons.items() if path in paths})


def read_statuses(parameters: Parameters, _batch: Sequence[PatientIdentifier]) -> BatchAnswer[PatientStatus]:
    """Read the status of each patient. Raises ValueError."""
    told = {_named(each.identifier): each.status for each in read_patient_statuses(parameters)}
    return BatchAnswer(told, {})


def _named(identifier: RequestedIdentifier) -> PatientIdentifier:
    return PatientIdentifier(IdentifierSystem(identifier.system), identifier.value)
