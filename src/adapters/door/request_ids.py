"""The id by which a request is spoken of; the audit trail has one of its own."""

import re
from collections.abc import Iterable
from uuid import uuid4

REQUEST_ID = "x-request-id"
"""What carries it, in requests and in answers."""

# ten digits by themselves, in any part, may be a national identifier
_USABLE = re.compile(r"(?!(.*[._-])?[0-9]{10}([._-]|$))[A-Za-z0-9._-]{1,64}")


def request_id(offered: Iterable[str]) -> str:
    """Give the first of the ids that the caller offers which can be one, else one of ours."""
    return next(filter(_USABLE.fullmatch, offered), None) or str(uuid4())
