"""Whenever the process is killed, the same command continues, and each patient is reported once."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Result, Success

from adapters.system import AsyncioConcurrency
from application.mailing.ask_in_batches import AskCommand, AskInBatches
from application.ports.mailing import BatchAnswer, NoAnswer
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.mailing.retries import RetryPolicy
from domain.mailing.work_list import WorkPart
from tests.builders import an_identifier
from tests.fakes.answer_repository import InMemoryLedger, Kept
from tests.fakes.pauses import NotedPauses
from tests.fakes.remote_operation import ScriptedService

PEOPLE = [an_identifier(number) for number in range(1, 24)]


class KilledError(Exception):
    """Simulates the end of the process."""


class Lifetime:
    """Counts the steps that a process has left."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise KilledError


class MortalService(ScriptedService):
    """Is called by a process that may end before the request, or before it receives the answer."""

    lifetime = Lifetime(0)
    done: Sequence[tuple[PatientIdentifier, str]] = ()

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[str], NoAnswer]:
        self.lifetime.step()
        assert not {*batch} & {identifier for identifier, _ in self.done}
        answer = await super().ask(batch, key)
        self.lifetime.step()
        return answer


class MortalLedger(InMemoryLedger[str]):
    """Is used by a process that may end before it records a batch, or just after."""

    def __init__(self, kept: Kept[str], lifetime: Lifetime) -> None:
        super().__init__(kept)
        self._lifetime = lifetime

    async def record(
        self, told: Mapping[PatientIdentifier, str], omitted: Mapping[PatientIdentifier, str]
    ) -> None:
        self._lifetime.step()
        await super().record(told, omitted)
        self._lifetime.step()


@given(
    lives=st.lists(st.integers(0, 25), max_size=8),
    batch_size=st.integers(1, 9),
    concurrency=st.integers(1, 5),
    left_out=st.sets(st.sampled_from(PEOPLE)),
)
async def test_each_patient_is_reported_once_however_often_the_process_is_killed(
    lives: list[int], batch_size: int, concurrency: int, left_out: set[PatientIdentifier]
) -> None:
    service = MortalService()
    service.left_out = dict.fromkeys(left_out, "deceased")
    kept: Kept[str] = Kept()
    service.done = kept.told
    command = AskCommand({WorkPart.OPERATION: "invite"}, PEOPLE, batch_size, concurrency, "not-invited")
    ends: list[object] = []

    for steps in [*lives, 1_000]:
        service.lifetime = Lifetime(steps)
        ledger = MortalLedger(kept, service.lifetime)
        try:
            asked = await AskInBatches(service, ledger, NotedPauses(), AsyncioConcurrency(), RetryPolicy())(
                command, ends.append
            )
        except KilledError:
            continue

    invited = [each for each in PEOPLE if each not in left_out]
    assert asked == Success(None)
    assert [identifier for identifier, _ in kept.told] == invited
    assert [identifier for identifier, _ in kept.omitted] == [each for each in PEOPLE if each in left_out]
    assert len(service.issued) == len(invited)
