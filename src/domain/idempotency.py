"""Requests that a caller may send again, and the records by which they get the same answer.

Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.access import Grant
from domain.confidential import Confidential
from domain.eligibility import Decisions
from domain.invitations import RequestId
from domain.patients import PatientId

DEFAULT_RETENTION = timedelta(hours=24)
"""How long a request can be sent again, unless its record says otherwise."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class MalformedIdempotencyKey(Struct, frozen=True):
    """The text is not 1 to 255 visible ASCII characters."""


class IdempotencyKey(Confidential, frozen=True):
    """A caller's name for a request that it may send again. It may be any text, even a patient's number."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result["IdempotencyKey", MalformedIdempotencyKey]:
        """Read a key as the caller wrote it."""
        return Success(cls(text)) if _KEY.fullmatch(text) else Failure(MalformedIdempotencyKey())


class ScopedIdempotencyKey(Confidential, frozen=True):
    """A key within a grant; under another grant, the same key names another request."""

    grant: Grant
    key: IdempotencyKey


class Fingerprint(Struct, frozen=True):
    """A digest, under a key, of the identifiers of a request, in their order.

    `derivation` names the key, and how the codes of the request are derived under it.
    """

    derivation: str
    digest: bytes


class IdempotentRequest(Struct, frozen=True):
    """A request under its idempotency key, with its fingerprint and the decisions about its patients.

    `retention` is how long it can be sent again.
    """

    name: ScopedIdempotencyKey
    fingerprint: Fingerprint
    decisions: Decisions
    retention: timedelta = DEFAULT_RETENTION


class IdempotencyRecord(Struct, frozen=True):
    """What the service stores to derive the same answer again; it holds no secret.

    `attempts` holds the attempt at which a patient's secrets were drawn, if it was not attempt 0.
    `revoked` says that its invitations were revoked as a batch.
    """

    request: IdempotentRequest
    request_id: RequestId
    issued_at: datetime
    expires_at: datetime
    attempts: Mapping[PatientId, int]
    revoked: bool = False

    @property
    def kept_until(self) -> datetime:
        """The moment until which the request can be sent again."""
        return self.issued_at + self.request.retention
