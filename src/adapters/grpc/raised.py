"""What was raised, turned into a refusal: by infrastructure that is down, or by a bug."""

from logging import getLogger

from adapters.door.log_line import LogLine, describe
from adapters.grpc.refusal import Refusal
from adapters.grpc.service_refusals import UNAVAILABLE, unexpected
from application.ports.unavailable import Unavailable

_logger = getLogger("invitations.grpc")


def refusal_for(raised: Exception, line: LogLine) -> Refusal:
    """Say what kind of trouble an exception is, and nothing else of it."""
    line.note(refusal=type(raised).__name__)
    if isinstance(raised, Unavailable):
        line.note(cause=str(raised))
        return UNAVAILABLE
    _logger.error("bug", extra=describe(raised))
    return unexpected(line.request_id)
