"""The catalogue of refusals: the kind, the reason and the sentence of each, written once for both transports.

HTTP adds a status and an issue code for each kind, gRPC a status code.
"""

from enum import Enum, auto
from typing import assert_never

from msgspec import Struct

from application.find_invited import BatchUnknown, InvitedRejected
from application.find_patients import IdentifiersRejected
from application.generate_invitation_tokens.replay import BatchRevoked, OtherIdentifiers
from application.generate_invitation_tokens.use_case import GenerationRefused
from application.ports.invitations import KeyRetired, RequestInProgress
from domain.identifiers import NoPatientIdentifier, TooManyPatientIdentifiers, UnsupportedIdentifierSystems
from domain.rate_limits import Throttled

_RETRY_AFTER_SECONDS = 2


class Kind(Enum):
    """What sort of refusal it is. Each transport has its own codes for every kind."""

    ACCESS_TOKEN_MISSING = auto()
    ACCESS_TOKEN_INVALID = auto()
    ACCESS_TOKEN_EXPIRED = auto()
    SCOPE_MISSING = auto()
    FORBIDDEN = auto()
    REQUIRED = auto()
    VALUE = auto()
    NOT_SUPPORTED = auto()
    TOO_MANY = auto()
    TOO_LARGE = auto()
    TIMEOUT = auto()
    CONFLICT = auto()
    IN_PROGRESS = auto()
    REVOKED = auto()
    NOT_FOUND = auto()
    THROTTLED = auto()
    UNAVAILABLE = auto()
    UNEXPECTED = auto()
    NOT_PROVED = auto()
    EXPIRED = auto()
    LOCKED = auto()
    INELIGIBLE = auto()


class Part(Enum):
    """The part of a request that is at fault."""

    ACCESS_TOKEN = auto()
    ORGANISATION = auto()
    IDEMPOTENCY_KEY = auto()
    IDENTIFIERS = auto()
    BATCH = auto()


class Terms(Struct, frozen=True, kw_only=True):
    """What a transport calls the parts of a request."""

    access_token: str
    organisation: str
    key: str
    key_field: str
    key_rule: str
    identifier: str
    identifiers: str
    identifier_system: str
    content: str


class Refusal(Struct, frozen=True):
    """A refusal before a transport writes it.

    `reason` is a word for programs. `sentence` says what is wrong and what to do. `positions` are those of
    the identifiers whose system is at fault, counted from 0; without any, all identifiers are at fault.
    """

    kind: Kind
    reason: str
    sentence: str
    part: Part | None = None
    positions: tuple[int, ...] = ()
    scope: str | None = None
    retry_after_seconds: int | None = None
    request_id: str | None = None

    def sentence_in(self, terms: Terms) -> str:
        """Give the sentence in the terms of a transport."""
        return self.sentence.format(terms=terms)


MALFORMED_IDEMPOTENCY_KEY = Refusal(
    Kind.VALUE,
    "IDEMPOTENCY_KEY_MALFORMED",
    "The {terms.key_field} takes 1 to 255 visible ASCII characters, {terms.key_rule}.",
    Part.IDEMPOTENCY_KEY,
)
_OTHER_IDENTIFIERS = Refusal(
    Kind.CONFLICT,
    "OTHER_IDENTIFIERS",
    "The {terms.key} was sent before, with other identifiers. Send a new one.",
    Part.IDEMPOTENCY_KEY,
)
_KEY_RETIRED = Refusal(
    Kind.CONFLICT,
    "ANSWER_GONE",
    "The first answer cannot be given again, and nothing new was issued. Send a new key.",
    Part.IDEMPOTENCY_KEY,
)
_REQUEST_IN_PROGRESS = Refusal(
    Kind.IN_PROGRESS,
    "REQUEST_IN_PROGRESS",
    "The first request under this {terms.key} is still in progress. Try again later.",
    Part.IDEMPOTENCY_KEY,
    retry_after_seconds=_RETRY_AFTER_SECONDS,
)


_BATCH_REVOKED = Refusal(
    Kind.REVOKED,
    "BATCH_REVOKED",
    "The invitations of the first answer were revoked, and nothing new was issued. Send a new key.",
    Part.IDEMPOTENCY_KEY,
)


def generation_refusal(refused: GenerationRefused) -> Refusal:
    """Say why no invitation tokens are generated."""
    match refused:
        case OtherIdentifiers():
            return _OTHER_IDENTIFIERS
        case KeyRetired():
            return _KEY_RETIRED
        case RequestInProgress():
            return _REQUEST_IN_PROGRESS
        case BatchRevoked():
            return _BATCH_REVOKED
        case _:
            return identifiers_refusal(refused)


_NO_IDENTIFIER = Refusal(
    Kind.REQUIRED, "NO_IDENTIFIER", "Send at least one {terms.identifier}.", Part.IDENTIFIERS
)
_SYSTEM_NOT_SUPPORTED = (
    "The {terms.identifier_system} is not supported; use that of NHS, CHI or Health & Care numbers."
)


def identifiers_refusal(refused: IdentifiersRejected) -> Refusal:
    """Say what is wrong with the patient identifiers as a whole."""
    match refused:
        case Throttled():
            return throttled_refusal(refused)
        case NoPatientIdentifier():
            return _NO_IDENTIFIER
        case TooManyPatientIdentifiers(limit):
            sentence = f"The operation takes at most {limit} {{terms.identifiers}} in a request."
            return Refusal(Kind.TOO_MANY, "TOO_MANY_IDENTIFIERS", sentence, Part.IDENTIFIERS)
        case UnsupportedIdentifierSystems(positions):
            return Refusal(
                Kind.NOT_SUPPORTED, "SYSTEM_NOT_SUPPORTED", _SYSTEM_NOT_SUPPORTED, Part.IDENTIFIERS, positions
            )
        case _:
            assert_never(refused)


_BATCH_UNKNOWN = Refusal(
    Kind.NOT_FOUND,
    "BATCH_UNKNOWN",
    "The organisation has issued no such batch. Send the id that came with its invitations.",
    Part.BATCH,
)


def invited_refusal(refused: InvitedRejected) -> Refusal:
    """Say why a request about invitations is refused."""
    match refused:
        case BatchUnknown():
            return _BATCH_UNKNOWN
        case _:
            return identifiers_refusal(refused)


def throttled_refusal(throttled: Throttled) -> Refusal:
    """Refuse a caller that has used up its rate limit."""
    return Refusal(
        Kind.THROTTLED,
        "THROTTLED",
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        retry_after_seconds=throttled.retry_after_seconds,
    )


TOO_LARGE = Refusal(
    Kind.TOO_LARGE,
    "MESSAGE_TOO_LARGE",
    "The {terms.content} is larger than the service takes. Send less at once.",
)
NOT_RECEIVED = Refusal(
    Kind.TIMEOUT,
    "MESSAGE_NOT_RECEIVED",
    "The {terms.content} was not received in time. Send it again.",
)
ANSWER_NOT_READ = Refusal(
    Kind.TIMEOUT,
    "ANSWER_NOT_READ",
    "The answer was not read in time. Read answers as they come, and send again what was not answered.",
)
UNAVAILABLE = Refusal(
    Kind.UNAVAILABLE,
    "UNAVAILABLE",
    "The service cannot answer now. Nothing was lost; try again later.",
    retry_after_seconds=_RETRY_AFTER_SECONDS,
)
STOPPING = Refusal(
    Kind.UNAVAILABLE,
    "STOPPING",
    "The service is about to stop, and takes no more batches. Send again what was not answered.",
    retry_after_seconds=_RETRY_AFTER_SECONDS,
)


def unexpected_refusal(request_id: str) -> Refusal:
    """Admit a bug. The caller learns nothing about it but the id under which it is logged."""
    return Refusal(
        Kind.UNEXPECTED,
        "UNEXPECTED",
        f"An unexpected error occurred. If it persists, report the request id {request_id}.",
        request_id=request_id,
    )
