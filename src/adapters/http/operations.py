"""What callers can ask for."""

from msgspec import Struct

from adapters.http.operation_calls import OperationCalls
from application.generate_invitation_tokens import GenerateInvitationTokens
from application.query_patient_status import QueryPatientStatus


class HttpOperations(Struct, frozen=True):
    """How calls on the operations come in, and what carries them out; `base_url` is that of the service."""

    calls: OperationCalls
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    base_url: str
