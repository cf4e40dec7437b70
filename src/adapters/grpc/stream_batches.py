"""The batches that the identifiers of a stream are cut into."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.grpc.call import Call
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensStreamRequest,
    PatientIdentifier,
)
from adapters.grpc.message_refused import ReceiptFailed, ServiceStopping
from adapters.grpc.request_refusals import STREAM_KEY_LENGTH
from adapters.grpc.token_requests import TokenRequest
from application.generate_invitation_tokens import MAX_PATIENT_IDENTIFIERS
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey

StreamRefused: TypeAlias = ReceiptFailed | ServiceStopping | MalformedIdempotencyKey
"""Why a stream is not read on."""


class Batch(Struct, frozen=True):
    """A batch, and its number in the stream, from 0."""

    number: int
    request: TokenRequest


class StreamBatches:
    """Cuts a stream, so that the same identifiers in the same order make the same batches each time."""

    def __init__(self, call: Call) -> None:
        """Read nothing before the first batch is asked for."""
        self._call = call
        self._number = 0
        self._unread: Iterator[PatientIdentifier] = iter(())
        self._first: GenerateInvitationTokensStreamRequest | None = None

    async def next(self) -> Result[Batch | None, StreamRefused]:
        """Read as far as the next batch takes; None after the last."""
        identifiers: list[PatientIdentifier] = []
        while missing := MAX_PATIENT_IDENTIFIERS - len(identifiers):
            if found := list(islice(self._unread, missing)):
                identifiers += found
                continue
            more = await self._read_on()
            if isinstance(more, Failure):
                return Failure(more.failure())
            if more.unwrap() is None:
                break
        return Success(self._batch(identifiers) if identifiers else None)

    async def _read_on(self) -> Result[GenerateInvitationTokensStreamRequest | None, StreamRefused]:
        received = await self._call.read_next(GenerateInvitationTokensStreamRequest)
        if isinstance(received, Failure):
            return Failure(received.failure())
        message = received.unwrap()
        if message is None:
            return Success(None)
        self._unread = iter(message.identifiers)
        if self._first is None:
            self._first = message
            if not _has_usable_key(message):
                return Failure(MalformedIdempotencyKey())
        return Success(message)

    def _batch(self, identifiers: list[PatientIdentifier]) -> Batch:
        number = self._number
        self._number += 1
        first = self._first or GenerateInvitationTokensStreamRequest()
        key = f"{first.idempotency_key}/{number}" if first.HasField("idempotency_key") else None
        return Batch(number, TokenRequest(identifiers, key, first.include_omitted))


def _has_usable_key(first: GenerateInvitationTokensStreamRequest) -> bool:
    """Tell whether there is no key, or one from which those of the batches can be made."""
    key = first.idempotency_key
    is_short = len(key) <= STREAM_KEY_LENGTH
    return not first.HasField("idempotency_key") or (is_short and is_successful(IdempotencyKey.parse(key)))
