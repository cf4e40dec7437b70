"""A repository of answers in memory, whose content outlives the simulated process."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.mailing import AnswerRepository, AnswersElsewhere, AnswersRefused, OtherWork, Run
from domain.identifiers import PatientIdentifier

T = TypeVar("T")


class Kept(Struct, Generic[T]):
    """The recorded state of a run."""

    run_id: str = "the-run"
    fingerprint: str = ""
    batches_done: int = 0
    told: list[tuple[PatientIdentifier, T]] = []
    omitted: list[tuple[PatientIdentifier, str]] = []
    strange: bool = False


class InMemoryLedger(AnswerRepository[T], Generic[T]):
    def __init__(self, kept: Kept[T]) -> None:
        self.kept = kept

    async def open(self) -> Result[Run, AnswersRefused]:
        if self.kept.strange:
            return Failure(AnswersElsewhere())
        return Success(Run(self.kept.run_id, self.kept.batches_done, bool(self.kept.fingerprint)))

    async def bind(self, fingerprint: str) -> Result[None, AnswersRefused]:
        if self.kept.fingerprint not in {"", fingerprint}:
            return Failure(OtherWork(self.kept.fingerprint))
        self.kept.fingerprint = fingerprint
        return Success(None)

    async def record(
        self, told: Mapping[PatientIdentifier, T], omitted: Mapping[PatientIdentifier, str]
    ) -> None:
        self.kept.told += told.items()
        self.kept.omitted += omitted.items()
        self.kept.batches_done += 1

    async def discard(self) -> None:
        self.kept.fingerprint = ""
