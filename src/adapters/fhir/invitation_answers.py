"""The answers of the operations invitation-status and revoke-invitations, and how a client sends them."""

from msgspec import UNSET

from adapters.fhir.elements import Identifier
from adapters.fhir.invitation_operations import INVITATION_STATUS_PARAMETER, REDEEMED, REVOKED
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.parameters import Parameter, Parameters
from application.query_invitation_status import IdentifierInvitation, InvitationStatuses
from application.revoke_invitations import InvitationsRevoked
from domain.identifiers import RequestedIdentifier

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
