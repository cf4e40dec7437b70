"""How a call on an operation comes in, whichever it is."""

from returns.result import Failure, Result, Success

from adapters.door.log_line import LogLine
from adapters.grpc.access_refusals import access_refusal
from adapters.grpc.metadata import Metadata, access_request
from adapters.grpc.refusal import Refusal
from adapters.grpc.request_refusals import RequestRefused, request_refusal
from application.authorise_caller import (
    AccessRefused,
    AuthoriseCaller,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.record_call import RecordCall
from domain.audit_event import Outcome
from domain.caller import AuthorisedCaller
from domain.operation import Operation


class OperationCalls:
    """Authorises callers, before a message is read, and refuses messages that are not understood."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: RecordCall) -> None:
        """Take the use case, and what puts on record a request that cannot be read."""
        self._authorise_caller = authorise_caller
        self._record = record

    async def authorise(
        self, operation: Operation, metadata: Metadata, line: LogLine
    ) -> Result[AuthorisedCaller, Refusal]:
        """Return who asks, or why the caller is not let in. Raises `Unavailable`."""
        authorised = await self._authorise_caller(operation, access_request(metadata))
        if isinstance(authorised, Failure):
            return Failure(_turn_away(authorised.failure(), line))
        _note_caller(authorised.unwrap(), line)
        return Success(authorised.unwrap())

    async def refuse(self, caller: AuthorisedCaller, refused: RequestRefused, line: LogLine) -> Refusal:
        """Put on record, and say, that a request is not understood. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        line.note(refusal=type(refused).__name__)
        return request_refusal(refused)


def _turn_away(refused: AccessRefused, line: LogLine) -> Refusal:
    line.note(refusal=type(refused).__name__)
    match refused:
        case (
            ScopeMissing(caller=caller)
            | OrganisationMissing(caller=caller)
            | OrganisationMalformed(caller=caller)
            | OrganisationForbidden(caller=caller)
        ):
            line.note(caller=caller.client_id)
        case CallsThrottled(authorised=authorised):
            _note_caller(authorised, line)
        case _:
            pass
    return access_refusal(refused)


def _note_caller(authorised: AuthorisedCaller, line: LogLine) -> None:
    line.note(caller=authorised.caller.client_id, organisation=str(authorised.organisation_id))
