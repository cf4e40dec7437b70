"""The answers of the operations invitation-status and revoke-invitations, and how a client sends them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from adapters.fhir.elements import Identifier
from adapters.fhir.identifiers import patient_identifiers
from adapters.fhir.invitation_operations import BATCH, INVITATION_STATUS_PARAMETER, REASON, REDEEMED, REVOKED
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.parameters import Parameter, Parameters
from application.query_invitation_status import IdentifierInvitation, InvitationStatuses
from application.revoke_invitations import InvitationsRevoked
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.invitations import InvitationState, InvitationStatus, RequestId, RevocationReason

NONE = "none"
"""The state of a patient without an invitation."""


def invitation_statuses(answer: InvitationStatuses) -> Parameters:
    """Write the status of each identifier."""
    entries = [_entry(each) for each in answer.statuses]
    return Parameters(resource_type="Parameters", parameter=entries or UNSET)


def _entry(answered: IdentifierInvitation) -> Parameter:
    status = answered.status
    moments = (("issued", status.issued_at), ("expiry", status.expires_at))
    return Parameter(
        name=INVITATION_STATUS_PARAMETER,
        part=[
            Parameter(name=PATIENT_IDENTIFIER, value_identifier=_identifier(answered.identifier)),
            Parameter(name="state", value_code=NONE if status.state is None else status.state.value),
            *(
                Parameter(name=name, value_date_time=moment.isoformat(timespec="milliseconds"))
                for name, moment in moments
                if moment is not None
            ),
            Parameter(name="pending", value_integer=status.pending),
        ],
    )


def _identifier(identifier: RequestedIdentifier) -> Identifier:
    return Identifier(system=identifier.system, value=identifier.value)


def invitations_revoked(answer: InvitationsRevoked) -> Parameters:
    """Write how many invitations were revoked, and which had been redeemed."""
    return Parameters(
        resource_type="Parameters",
        parameter=[
            Parameter(name=REVOKED, value_integer=answer.count),
            *(Parameter(name=REDEEMED, value_identifier=_identifier(each)) for each in answer.redeemed),
        ],
    )


def read_statuses(parameters: Parameters) -> Sequence[IdentifierInvitation]:
    """Read an answer as a client does, parts by name. Raises ValueError if an entry is malformed."""
    return [
        _identifier_invitation({part.name: part for part in entry.part or []})
        for entry in parameters.parameter or ()
        if entry.name == INVITATION_STATUS_PARAMETER
    ]


def _identifier_invitation(parts: Mapping[str, Parameter]) -> IdentifierInvitation:
    match parts:
        case {
            "patientIdentifier": Parameter(
                value_identifier=Identifier(system=str() as system, value=str() as value)
            ),
            "state": Parameter(value_code=str() as state),
            "pending": Parameter(value_integer=int() as pending),
        }:
            issued, expiry = (_moment(parts.get(name)) for name in ("issued", "expiry"))
            known = None if state == NONE else InvitationState(state)
            return IdentifierInvitation(
                RequestedIdentifier(system, value), InvitationStatus(known, issued, expiry, pending)
            )
        case _:
            raise ValueError("an entry of invitationStatus is not complete")


def _moment(part: Parameter | None) -> datetime | None:
    return None if part is None else datetime.fromisoformat(part.value_date_time or "")


def revocation_request(
    named: RequestId | Sequence[PatientIdentifier], reason: RevocationReason
) -> Parameters:
    """Write a request to revoke as a client sends it."""
    selection = (
        patient_identifiers(named).parameter or []
        if isinstance(named, Sequence)
        else [Parameter(name=BATCH, value_string=str(named))]
    )
    return Parameters(
        resource_type="Parameters",
        parameter=[*selection, Parameter(name=REASON, value_code=reason.value)],
    )


def read_revocation(parameters: Parameters) -> tuple[int, Sequence[RequestedIdentifier]]:
    """Read how many were revoked, and which had been redeemed. Raises ValueError."""
    counts = [each.value_integer for each in parameters.parameter or () if each.name == REVOKED]
    identifiers = [each.value_identifier for each in parameters.parameter or () if each.name == REDEEMED]
    match counts:
        case [int() as count]:
            return count, [_requested(each) for each in identifiers]
        case _:
            raise ValueError("the answer does not say how many invitations were revoked")


def _requested(identifier: Identifier | UnsetType) -> RequestedIdentifier:
    match identifier:
        case Identifier(system=str() as system, value=str() as value):
            return RequestedIdentifier(system, value)
        case _:
            raise ValueError("a redeemed identifier has no system or no value")
