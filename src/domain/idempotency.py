"""A request that its caller may send again, and what is remembered of it: nothing that is secret.

Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.access import Grant
from domain.confidential import Confidential
from domain.eligibility import Decisions
from domain.invitations import RequestId
from domain.patients import PatientId

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class MalformedIdempotencyKey(Struct, frozen=True):
    """The text is not 1 to 255 visible ASCII characters."""


class IdempotencyKey(Confidential, frozen=True):
    """What a caller calls a request by, to send it again. It may be anything, even a patient's number."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result["IdempotencyKey", MalformedIdempotencyKey]:
        """Read a key as the caller wrote it."""
        return Success(cls(text)) if _KEY.fullmatch(text) else Failure(MalformedIdempotencyKey())


class ScopedIdempotencyKey(Confidential, frozen=True):
    """What a request is found again by; under another grant, the same key names another request."""

    grant: Grant
    key: IdempotencyKey


class Fingerprint(Struct, frozen=True):
    """A digest, under a key, of the identifiers that were asked for, in their order."""

    key_id: str
    digest: bytes


class IdempotentRequest(Struct, frozen=True):
    """A request that can be told from others, and what was decided for it."""

    name: ScopedIdempotencyKey
    fingerprint: Fingerprint
    decisions: Decisions


class IdempotencyRecord(Struct, frozen=True):
    """All that it takes, beside the key of its fingerprint, to derive the same answer again.

    `attempts` tells at which attempt the secrets of a patient were drawn; where it does not, at attempt 0.
    """

    request: IdempotentRequest
    request_id: RequestId
    issued_at: datetime
    expires_at: datetime
    attempts: Mapping[PatientId, int]
