"""The ports of the bulk client: the remote service, its recorded answers, and the printer of letters."""

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
    """The service's answers about the identifiers of a batch, and its reasons for those it omits."""

    answered: Mapping[PatientIdentifier, T]
    reasons: Mapping[PatientIdentifier, str]


class Refused(Struct, frozen=True):
    """The request fails however often it is sent; `text` says why.

    `may_have_acted` says whether the service may have done what was asked for.
    """

    text: str
    may_have_acted: bool = False


class RateLimited(Struct, frozen=True):
    """The service asks for the request to be sent again later."""

    retry_after_seconds: float


class NotAnswered(Struct, frozen=True):
    """There is no answer now. `retry_after_seconds` is 0 if the service said nothing about it.

    `may_have_acted` says whether the service may have done what was asked for, and its answer is lost.
    """

    problem: str
    retry_after_seconds: float = 0.0
    may_have_acted: bool = True


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
    """The output exists, but no run of this user wrote it, or it or its state was changed since."""


class InUse(Struct, frozen=True):
    """Another process is writing the output."""


class OtherWork(Struct, frozen=True):
    """The output was started for other work, which has this fingerprint."""

    fingerprint: str


AnswersRefused: TypeAlias = AnswersElsewhere | InUse | OtherWork


class Run(Struct, frozen=True):
    """The state of a run; `id` is random, and stays the same if the run is started again.

    `bound` says whether an earlier process has bound the run to its work.
    """

    id: str
    batches_done: int
    bound: bool = False


class AnswerRepository(Protocol[T_contra]):
    """Records the answers to the batches of a run, in their order, so that they outlive the process."""

    async def open(self) -> Result[Run, AnswersRefused]:
        """Start a run, or continue one; answers that were not recorded in full are dropped."""
        ...

    async def bind(self, fingerprint: str) -> Result[None, AnswersRefused]:
        """Bind the run to what it works on; refuse a run that was started for something else."""
        ...

    async def record(
        self,
        answered: Mapping[PatientIdentifier, T_contra],
        omitted: Mapping[PatientIdentifier, str],
    ) -> None:
        """Record the answers to the next batch, to outlive the process and a power cut."""
        ...

    async def discard(self) -> None:
        """Discard a run without recorded batches, as if it had never been started."""
        ...


class LetterPrinter(Protocol):
    """Prints letters, one page each, in order."""

    def add(self, letter: Letter) -> Result[None, NoLetterReason]:
        """Print a whole letter, or return why it cannot be printed; then nothing of it is printed."""
        ...
