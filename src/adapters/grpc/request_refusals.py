"""The error table, second part: why a request is not carried out."""

from typing import TypeAlias, assert_never

from grpc import StatusCode

from adapters.grpc.messages import (
    FieldsMissing,
    MessageNotReadable,
    MessageNotReceived,
    MessageRefused,
    MessageTooLarge,
)
from adapters.grpc.refusals import RETRY_AFTER_SECONDS, Refusal, at_positions, too_many_requests
from application.find_patients import IdentifiersRejected
from application.generate_invitation_tokens.replay import OtherIdentifiers
from application.generate_invitation_tokens.use_case import GenerationRefused
from application.ports.invitations import KeyRetired, RequestInProgress
from domain.idempotency import MalformedIdempotencyKey
from domain.identifiers import NoPatientIdentifier, TooManyPatientIdentifiers, UnsupportedIdentifierSystems
from domain.rate_limits import Throttled

RequestRefused: TypeAlias = MessageRefused | MalformedIdempotencyKey
"""Why a request is not read."""

STREAM_KEY_LENGTH = 240
"""How long the key of a stream may be, so that the number of a batch can follow it."""

_IDENTIFIERS = "identifiers"
_KEY = "idempotency_key"


def request_refusal(refused: RequestRefused) -> Refusal:
    """Say why a request is not read."""
    match refused:
        case MessageNotReadable():
            sentence = "There is no message, or it is not one of the type that the method takes."
            return Refusal(StatusCode.INVALID_ARGUMENT, "MESSAGE_NOT_READABLE", sentence)
        case MessageNotReceived():
            sentence = "The message was not received in time."
            return Refusal(StatusCode.DEADLINE_EXCEEDED, "MESSAGE_NOT_RECEIVED", sentence)
        case MessageTooLarge():
            sentence = "The message is larger than the service takes."
            return Refusal(StatusCode.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE", sentence)
        case FieldsMissing(fields, positions):
            sentence = "Each identifier needs a system and a value."
            return _invalid("FIELDS_MISSING", sentence, *fields, positions=positions)
        case MalformedIdempotencyKey():
            sentence = "The idempotency_key takes 1 to 255 visible ASCII characters, that of a stream 240."
            return _invalid("IDEMPOTENCY_KEY_MALFORMED", sentence, _KEY)
        case _:
            assert_never(refused)


def generation_refusal(refused: GenerationRefused) -> Refusal:
    """Say why no invitation tokens are generated."""
    match refused:
        case OtherIdentifiers():
            sentence = "The idempotency_key was sent before, with other identifiers. Send a new one."
            return Refusal(StatusCode.FAILED_PRECONDITION, "OTHER_IDENTIFIERS", sentence)
        case KeyRetired():
            sentence = "The first answer cannot be given again, and nothing new was issued. Send a new key."
            return Refusal(StatusCode.FAILED_PRECONDITION, "ANSWER_GONE", sentence)
        case RequestInProgress():
            sentence = "The first request under this idempotency_key is still in work. Try again later."
            return Refusal(
                StatusCode.ABORTED, "REQUEST_IN_WORK", sentence, retry_after_seconds=RETRY_AFTER_SECONDS
            )
        case _:
            return naming_refusal(refused)


def naming_refusal(refused: IdentifiersRejected) -> Refusal:
    """Say what is wrong with the patient identifiers as a whole."""
    match refused:
        case Throttled():
            return too_many_requests(refused)
        case NoPatientIdentifier():
            return _invalid("NO_IDENTIFIER", "Send at least one identifier.", _IDENTIFIERS)
        case TooManyPatientIdentifiers(limit):
            sentence = f"The operation takes at most {limit} identifiers in a request."
            return _invalid("TOO_MANY_IDENTIFIERS", sentence, _IDENTIFIERS)
        case UnsupportedIdentifierSystems(positions):
            sentence = (
                "The identifier system is not supported; use that of NHS, CHI or Health & Care numbers."
            )
            fields = [f"{_IDENTIFIERS}[{position}].system" for position in positions]
            return _invalid("SYSTEM_NOT_SUPPORTED", sentence, *fields, positions=positions)
        case _:
            assert_never(refused)


def _invalid(reason: str, sentence: str, *fields: str, positions: tuple[int, ...] = ()) -> Refusal:
    metadata = at_positions(positions) if positions else {}
    return Refusal(StatusCode.INVALID_ARGUMENT, reason, sentence, metadata, fields)
