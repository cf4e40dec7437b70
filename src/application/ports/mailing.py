"""The ports of the bulk client: the service as it is called, and what is kept of its answers."""

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from domain.confidential import Confidential
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.mailing.letters import Letter, NoLetterReason

T = TypeVar("T")


class BatchAnswer(Confidential, Generic[T], frozen=True):
    """What the service tells of the identifiers in a batch, and why it leaves others out if it tells that."""

    told: Mapping[PatientIdentifier, T]
    reasons: Mapping[PatientIdentifier, str]


class Refused(Struct, frozen=True):
    """The service will not answer this request, however often it is sent; `text` are its own words."""

    text: str


class RateLimited(Struct, frozen=True):
    """The service is there, and wants the request later."""

    retry_after_seconds: float


class NotAnswered(Struct, frozen=True):
    """There is no answer for now. `retry_after_seconds` is 0 where nothing is told of that."""

    problem: str
    retry_after_seconds: float = 0.0


NoAnswer: TypeAlias = Refused | RateLimited | NotAnswered


class RemoteOperation(Protocol[T]):
    """Asks the service for a batch of patients."""

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[T], NoAnswer]:
        """Send one request; the same batch under the same key gets the same answer. Raises nothing."""
        ...


T_contra = TypeVar("T_contra", contravariant=True)


class AnswersElsewhere(Struct, frozen=True):
    """Something stands in the ledger's place that no run has written, or that was changed since."""


class InUse(Struct, frozen=True):
    """Another process works with the ledger now."""


class OtherWork(Struct, frozen=True):
    """The ledger was begun for another list, operation, service or organisation."""


AnswersRefused: TypeAlias = AnswersElsewhere | InUse | OtherWork


class Run(Struct, frozen=True):
    """A run as far as it has come; `id` is random, and the same however often it is begun again."""

    id: str
    batches_done: int


class AnswerRepository(Protocol[T_contra]):
    """Keeps the answers to the batches of a run, in their order, whatever happens to the process."""

    async def open(self) -> Result[Run, AnswersRefused]:
        """Begin a run, or go on with one; answers that were not recorded whole are gone."""
        ...

    async def bind(self, fingerprint: str) -> Result[None, AnswersRefused]:
        """Say what the run works on; refuse what it was not begun for."""
        ...

    async def record(
        self,
        told: Mapping[PatientIdentifier, T_contra],
        omitted: Mapping[PatientIdentifier, str],
    ) -> None:
        """Put the answers to the next batch where they outlast the process and the machine's power."""
        ...


class LetterPrinter(Protocol):
    """Prints letters, a page each, in the order in which they come."""

    def add(self, letter: Letter) -> Result[None, NoLetterReason]:
        """Print a letter whole, or tell why it cannot be; then nothing of it is printed."""
        ...
