"""Use case: ask the service for a long list of patients, batch by batch."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Generic, TypeAlias, TypeVar, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.mailing import (
    AnswerRepository,
    AnswersRefused,
    BatchAnswer,
    NotAnswered,
    RateLimited,
    Refused,
    RemoteOperation,
)
from application.ports.system import Concurrency, Pauses
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.invitations import RequestId
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import batch_key, in_batches, list_fingerprint
from domain.results import failed

T = TypeVar("T")


class AskCommand(Struct, frozen=True):
    """Ask for these patients, `batch_size` in a request and `concurrency` requests at once.

    `purpose` names the operation, the service and the organisation; a run that was started for another
    purpose is not continued. `unexplained` is the reason to record if the service gives none.
    """

    purpose: str
    identifiers: Sequence[PatientIdentifier]
    batch_size: int
    concurrency: int
    unexplained: str


class Begun(Struct, frozen=True):
    """The run has started; `done` patients were answered by an earlier run."""

    done: int


class Recorded(Struct, frozen=True):
    """A batch is recorded: how many patients were answered, and how many omitted."""

    answered: int
    omitted: int


class Waiting(Struct, frozen=True):
    """A request will be sent again after this many seconds."""

    seconds: float
    problem: str


Advance: TypeAlias = Begun | Recorded | Waiting


class GivenUp(Struct, frozen=True):
    """The service did not answer in all attempts."""

    problem: str


class UnexpectedPatient(Struct, frozen=True):
    """The service answered about a patient who was not asked for."""


Stopped: TypeAlias = AnswersRefused | Refused | GivenUp | UnexpectedPatient

_Sorted: TypeAlias = tuple[Mapping[PatientIdentifier, T], Mapping[PatientIdentifier, str], RequestId | None]
_NotSorted: TypeAlias = Refused | GivenUp | UnexpectedPatient


class AskInBatches(Generic[T]):
    """Ask for each patient of a list once, even if the process ends at any moment and is started again.

    - Batches follow from the order of the list alone, so a run that is started again has the same ones.
    - A batch counts as done when its answer is recorded; answers are recorded in the order of the list.
    - A batch has the same idempotency key each time, so a lost answer is given again.
    - A request that the service cannot answer now is sent again later; a refusal ends the run.
    - A patient who is not in the answer is recorded as omitted, with the service's reason.
    """

    def __init__(
        self,
        operation: RemoteOperation[T],
        answers: AnswerRepository[T],
        pauses: Pauses,
        concurrency: Concurrency,
        policy: RetryPolicy,
    ) -> None:
        """Call `operation`, and store its answers in `answers`."""
        self._operation = operation
        self._answers = answers
        self._pauses = pauses
        self._concurrency = concurrency
        self._policy = policy

    async def __call__(
        self, command: AskCommand, on_advance: Callable[[Advance], None]
    ) -> Result[None, Stopped]:
        """Ask for all patients that are not done, or stop; recorded answers stay recorded."""
        opened = await self._answers.open()
        if failed(opened):
            return Failure(opened.failure())
        run = opened.unwrap()
        bound = await self._answers.bind(list_fingerprint(run.id, command.purpose, command.identifiers))
        if failed(bound):
            return Failure(bound.failure())
        batches = in_batches(command.identifiers, command.batch_size)
        on_advance(Begun(sum(map(len, batches[: run.batches_done]))))
        return await self._ask_for(batches[run.batches_done :], run.id, command, on_advance)

    async def _ask_for(
        self,
        batches: Sequence[Sequence[PatientIdentifier]],
        run_id: str,
        command: AskCommand,
        on_advance: Callable[[Advance], None],
    ) -> Result[None, Stopped]:
        """Keep some requests in flight, and record their answers in the order of the batches."""
        calls = [partial(self._ask, batch, run_id, command.unexplained, on_advance) for batch in batches]
        async with aclosing(self._concurrency.in_order(calls, command.concurrency)) as answers:
            async for answer in answers:
                if failed(answer):
                    return Failure(answer.failure())
                answered, omitted, service_batch = answer.unwrap()
                await self._answers.record(answered, omitted, service_batch)
                on_advance(Recorded(len(answered), len(omitted)))
        return Success(None)

    async def _ask(
        self,
        batch: Sequence[PatientIdentifier],
        run_id: str,
        unexplained: str,
        on_advance: Callable[[Advance], None],
    ) -> Result[_Sorted[T], _NotSorted]:
        answered = await self._answer(batch, batch_key(run_id, batch), on_advance)
        if failed(answered):
            return Failure(answered.failure())
        answer = answered.unwrap()
        if not answer.answered.keys() <= {*batch}:
            return Failure(UnexpectedPatient())
        return Success(_sorted_out(batch, answer, unexplained))

    async def _answer(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey, on_advance: Callable[[Advance], None]
    ) -> Result[BatchAnswer[T], Refused | GivenUp]:
        failures = 0
        while True:
            answer = await self._operation.ask(batch, key)
            if not failed(answer):
                return Success(answer.unwrap())
            no_answer = answer.failure()
            match no_answer:
                case Refused() as refused:
                    return Failure(refused)
                case RateLimited(requested_seconds):
                    # the service is up, so this is no reason to give up, however often it happens
                    problem, counted = "the service asks to be called less often", 1
                case NotAnswered(problem, requested_seconds):
                    failures += 1
                    counted = failures
                    if self._policy.gives_up(failures):
                        return Failure(GivenUp(problem))
                case _:
                    assert_never(no_answer)
            seconds = self._policy.seconds(counted, requested_seconds, self._pauses.spread())
            on_advance(Waiting(seconds, problem))
            await self._pauses.wait(seconds)


def _sorted_out(batch: Sequence[PatientIdentifier], answer: BatchAnswer[T], unexplained: str) -> _Sorted[T]:
    """Separate the answered patients from the omitted ones, both in the order of the batch."""
    answered = {each: answer.answered[each] for each in batch if each in answer.answered}
    omitted = {each: answer.reasons.get(each, unexplained) for each in batch if each not in answered}
    return answered, omitted, answer.batch
