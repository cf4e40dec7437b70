"""The port to an operation of the service, as its clients call it."""

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from domain.confidential import Confidential
from domain.idempotency import IdempotencyKey
from domain.patient_identifier import PatientIdentifier

T = TypeVar("T")


class BatchAnswer(Confidential, Generic[T], frozen=True):
    """What the service tells of the identifiers in a batch, and why it leaves others out if it tells that."""

    told: Mapping[PatientIdentifier, T]
    reasons: Mapping[PatientIdentifier, str]


class Refused(Struct, frozen=True):
    """The service will not answer this request, however often it is sent; `text` are its own words."""

    text: str


class TooFast(Struct, frozen=True):
    """The service is there, and wants the request later."""

    retry_after_seconds: float


class NotAnswered(Struct, frozen=True):
    """There is no answer for now. `retry_after_seconds` is 0 where nothing is told of that."""

    problem: str
    retry_after_seconds: float = 0.0


NoAnswer: TypeAlias = Refused | TooFast | NotAnswered


class RemoteOperation(Protocol[T]):
    """Asks the service for a batch of patients."""

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[T], NoAnswer]:
        """Send one request; the same batch under the same key gets the same answer. Raises nothing."""
        ...
