"""Use case: ask the service for a long list of patients, batch by batch, and lose nothing."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
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
from application.ports.system import Pauses
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import batch_key, in_batches, list_fingerprint

T = TypeVar("T")


class AskCommand(Struct, frozen=True):
    """Ask for these patients, `batch_size` in a request and `concurrency` requests at once.

    `purpose` tells what is asked for, where and on whose behalf; a run that was begun for another one is not
    gone on with. `unexplained` is the reason noted for those whom the service leaves out without one.
    """

    purpose: str
    identifiers: Sequence[PatientIdentifier]
    batch_size: int
    concurrency: int
    unexplained: str


class Begun(Struct, frozen=True):
    """How many of the patients an earlier run has asked for already."""

    done: int


class Recorded(Struct, frozen=True):
    """A batch is recorded: how many were told of, and how many were left out."""

    told: int
    omitted: int


class Waiting(Struct, frozen=True):
    """A request is to be sent again after so long."""

    seconds: float
    problem: str


Advance: TypeAlias = Begun | Recorded | Waiting


class GivenUp(Struct, frozen=True):
    """The service did not answer, however often it was asked."""

    problem: str


class UnexpectedPatient(Struct, frozen=True):
    """The service told of somebody who was not asked for."""


Stopped: TypeAlias = AnswersRefused | Refused | GivenUp | UnexpectedPatient

_Answered: TypeAlias = Result[BatchAnswer[T], Refused | GivenUp | UnexpectedPatient]


class AskInBatches(Generic[T]):
    """Ask for a list of patients once each, though the process may end at any moment.

    - Batches follow from the order of the list alone, so a run that is begun again has the same ones.
    - A batch counts as done when its answer is recorded; answers are recorded in the order of the list.
    - A batch goes out under the same key each time, so what was answered and lost is answered again.
    - What the service is too busy or too far away for is asked again later; what it refuses ends the run.
    - Whoever is asked for and not told of is left out, with the reason told.
    """

    def __init__(
        self,
        operation: RemoteOperation[T],
        ledger: AnswerRepository[T],
        pauses: Pauses,
        policy: RetryPolicy,
    ) -> None:
        """Take the ports and the policy that the use case is made of."""
        self._operation = operation
        self._ledger = ledger
        self._pauses = pauses
        self._policy = policy

    async def __call__(
        self, command: AskCommand, on_advance: Callable[[Advance], None]
    ) -> Result[None, Stopped]:
        """Ask for all who are not done, or stop; what is recorded by then stays recorded."""
        opened = await self._ledger.open()
        if isinstance(opened, Failure):
            return Failure(opened.failure())
        run = opened.unwrap()
        bound = await self._ledger.bind(list_fingerprint(run.id, command.purpose, command.identifiers))
        if isinstance(bound, Failure):
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
        """Keep some requests under way, and record their answers in the order of the batches."""
        remaining = iter(batches)
        under_way: deque[tuple[Sequence[PatientIdentifier], asyncio.Task[_Answered[T]]]] = deque()
        try:
            while True:
                for batch in islice(remaining, command.concurrency - len(under_way)):
                    under_way.append((batch, asyncio.create_task(self._answer(batch, run_id, on_advance))))
                if not under_way:
                    return Success(None)
                batch, task = under_way[0]
                answered = await task
                if isinstance(answered, Failure):
                    return Failure(answered.failure())
                told, omitted = _sorted_out(batch, answered.unwrap(), command.unexplained)
                await self._ledger.record(told, omitted)
                on_advance(Recorded(len(told), len(omitted)))
                under_way.popleft()
        finally:
            for _batch, task in under_way:
                task.cancel()
            await asyncio.gather(*(task for _batch, task in under_way), return_exceptions=True)

    async def _answer(
        self, batch: Sequence[PatientIdentifier], run_id: str, on_advance: Callable[[Advance], None]
    ) -> _Answered[T]:
        key = batch_key(run_id, batch)
        failures = 0
        while True:
            answer = await self._operation.ask(batch, key)
            if isinstance(answer, Success):
                return _checked(answer.unwrap(), batch)
            no_answer = answer.failure()
            match no_answer:
                case Refused() as refused:
                    return Failure(refused)
                case RateLimited(told_seconds):
                    # it is there, so however often it says this is no reason to give up
                    problem, counted = "the service asks to be called less often", 1
                case NotAnswered(problem, told_seconds):
                    failures += 1
                    counted = failures
                    if self._policy.gives_up(failures):
                        return Failure(GivenUp(problem))
                case _:
                    assert_never(no_answer)
            seconds = self._policy.seconds(counted, told_seconds, self._pauses.spread())
            on_advance(Waiting(seconds, problem))
            await self._pauses.wait(seconds)


def _checked(
    answer: BatchAnswer[T], batch: Sequence[PatientIdentifier]
) -> Result[BatchAnswer[T], Refused | GivenUp | UnexpectedPatient]:
    return Success(answer) if answer.told.keys() <= {*batch} else Failure(UnexpectedPatient())


def _sorted_out(
    batch: Sequence[PatientIdentifier], answer: BatchAnswer[T], unexplained: str
) -> tuple[Mapping[PatientIdentifier, T], Mapping[PatientIdentifier, str]]:
    """Tell those told of from those left out, both in the order of the batch."""
    told = {each: answer.told[each] for each in batch if each in answer.told}
    return told, {each: answer.reasons.get(each, unexplained) for each in batch if each not in told}
