"""Use case: ask the service for a long list of patients, batch by batch."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Generic, TypeAlias, TypeVar, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.mailing import (
    AnswerRepository,
    AnswersElsewhere,
    AnswersRefused,
    BatchAnswer,
    InUse,
    NoAnswer,
    NotAnswered,
    OtherWork,
    RateLimited,
    Refused,
    RemoteOperation,
    Run,
)
from application.ports.system import Concurrency, Pauses
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import WorkPart, batch_key, differing_parts, in_batches, work_fingerprint
from domain.results import failed

T = TypeVar("T")


class AskCommand(Struct, frozen=True):
    """Ask for these patients, `batch_size` in a request and `concurrency` requests at once.

    `purpose` names the operation, the service and the organisation; a run that was started for another
    purpose is not continued. `unexplained` is the reason to record if the service gives none.
    """

    purpose: Mapping[WorkPart, str]
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
    """An outage has begun: a request will be sent again after this many seconds, and then less often."""

    seconds: float
    problem: str


Advance: TypeAlias = Begun | Recorded | Waiting


class GivenUp(Struct, frozen=True):
    """The service did not answer in all attempts."""

    problem: str


class UnexpectedPatient(Struct, frozen=True):
    """The service answered about a patient who was not asked for."""


class AskedToWait(Struct, frozen=True):
    """The service asks to be called again after so many seconds that it is not worth waiting."""

    seconds: float


class StartedDifferently(Struct, frozen=True):
    """The output was started for other work, which differs in these parts."""

    parts: Sequence[WorkPart]


_NotAsked: TypeAlias = AnswersElsewhere | InUse | StartedDifferently
_NotSorted: TypeAlias = Refused | GivenUp | AskedToWait | UnexpectedPatient
Stopped: TypeAlias = _NotAsked | _NotSorted

_Sorted: TypeAlias = tuple[Mapping[PatientIdentifier, T], Mapping[PatientIdentifier, str]]


class _Exchange:
    """The requests of a process: whether the service may have acted on one, and how many are sent again.

    An outage lasts from the first request that fails until no request is waiting; it is reported once.
    """

    def __init__(self, on_advance: Callable[[Advance], None]) -> None:
        self._on_advance = on_advance
        self._unsettled = 0
        self._waiting = 0

    @property
    def may_have_acted(self) -> bool:
        """Whether the service may have done what a request asked for."""
        return self._unsettled > 0

    def sends(self) -> None:
        self._unsettled += 1

    def settles(self, answer: NoAnswer) -> None:
        if isinstance(answer, RateLimited) or not answer.may_have_acted:
            self._unsettled -= 1

    def waits(self, seconds: float, problem: str, *, first: bool) -> None:
        self._waiting += first
        if first and self._waiting == 1:
            self._on_advance(Waiting(seconds, problem))

    def waits_no_more(self) -> None:
        self._waiting -= 1


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
        """Ask for all patients that are not done, or stop; recorded answers stay recorded.

        If nothing can have come of it, the run is discarded, so that the next one may be for other work.
        """
        opened = await self._answers.open()
        if failed(opened):
            return Failure(_not_bound(opened.failure(), ""))
        run = opened.unwrap()
        fingerprint = work_fingerprint(run.id, command.purpose, command.identifiers)
        bound = await self._answers.bind(fingerprint)
        if failed(bound):
            return Failure(_not_bound(bound.failure(), fingerprint))
        exchange = _Exchange(on_advance)
        try:
            return await self._ask_for(run, command, exchange, on_advance)
        finally:
            if command.identifiers and not run.bound and not exchange.may_have_acted:
                await self._answers.discard()

    async def _ask_for(
        self, run: Run, command: AskCommand, exchange: _Exchange, on_advance: Callable[[Advance], None]
    ) -> Result[None, Stopped]:
        """Keep some requests in flight, and record their answers in the order of the batches.

        The first request of a run goes alone: if it is refused, the fate of no other one is open.
        """
        batches = in_batches(command.identifiers, command.batch_size)
        on_advance(Begun(sum(map(len, batches[: run.batches_done]))))
        calls = [
            partial(self._ask, batch, run.id, command.unexplained, exchange)
            for batch in batches[run.batches_done :]
        ]
        alone = 0 if run.batches_done else 1
        for some, at_once in ((calls[:alone], 1), (calls[alone:], command.concurrency)):
            async with aclosing(self._concurrency.in_order(some, at_once)) as answers:
                async for answer in answers:
                    if failed(answer):
                        return Failure(answer.failure())
                    answered, omitted = answer.unwrap()
                    await self._answers.record(answered, omitted)
                    on_advance(Recorded(len(answered), len(omitted)))
        return Success(None)

    async def _ask(
        self, batch: Sequence[PatientIdentifier], run_id: str, unexplained: str, exchange: _Exchange
    ) -> Result[_Sorted[T], _NotSorted]:
        answered = await self._answer(batch, batch_key(run_id, batch), exchange)
        if failed(answered):
            return Failure(answered.failure())
        answer = answered.unwrap()
        if not answer.answered.keys() <= {*batch}:
            return Failure(UnexpectedPatient())
        return Success(_sorted_out(batch, answer, unexplained))

    async def _answer(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey, exchange: _Exchange
    ) -> Result[BatchAnswer[T], Refused | GivenUp | AskedToWait]:
        attempts = failures = 0
        while True:
            exchange.sends()
            answer = await self._operation.ask(batch, key)
            if not failed(answer):
                if attempts:
                    exchange.waits_no_more()
                return Success(answer.unwrap())
            no_answer = answer.failure()
            exchange.settles(no_answer)
            attempts += 1
            match no_answer:
                case Refused() as refused:
                    return Failure(refused)
                case RateLimited(requested_seconds):
                    # the service is up, so this is no reason to give up, however often it happens
                    problem = "the service asks to be called less often"
                case NotAnswered(problem, requested_seconds):
                    failures += 1
                    if self._policy.gives_up(failures):
                        return Failure(GivenUp(problem))
                case _:
                    assert_never(no_answer)
            if not self._policy.waits_for(requested_seconds):
                return Failure(AskedToWait(requested_seconds))
            seconds = self._policy.seconds(attempts, requested_seconds, self._pauses.spread())
            exchange.waits(seconds, problem, first=attempts == 1)
            await self._pauses.wait(seconds)


def _not_bound(refused: AnswersRefused, fingerprint: str) -> _NotAsked:
    match refused:
        case OtherWork(started):
            return StartedDifferently(differing_parts(started, fingerprint))
        case AnswersElsewhere() | InUse():
            return refused
        case _:
            assert_never(refused)


def _sorted_out(batch: Sequence[PatientIdentifier], answer: BatchAnswer[T], unexplained: str) -> _Sorted[T]:
    """Separate the answered patients from the omitted ones, both in the order of the batch."""
    answered = {each: answer.answered[each] for each in batch if each in answer.answered}
    return answered, {each: answer.reasons.get(each, unexplained) for each in batch if each not in answered}
