"""A remote operation that stores each request under its key."""

from collections.abc import Sequence

from returns.result import Failure, Result, Success

from application.ports.mailing import BatchAnswer, NoAnswer, RemoteOperation
from domain.idempotency import IdempotencyKey
from domain.identifiers import PatientIdentifier
from domain.invitations import RequestId


class ScriptedService(RemoteOperation[str]):
    """Answers with a new secret for each identifier and key. A test sets its omissions and failures."""

    def __init__(self) -> None:
        self.asked: list[tuple[PatientIdentifier, ...]] = []
        self.issued: dict[tuple[str, PatientIdentifier], str] = {}
        self.left_out: dict[PatientIdentifier, str | None] = {}
        self.told_unasked: list[PatientIdentifier] = []
        self.failures: list[NoAnswer] = []
        self.batch: RequestId | None = None

    async def ask(
        self, batch: Sequence[PatientIdentifier], key: IdempotencyKey
    ) -> Result[BatchAnswer[str], NoAnswer]:
        self.asked.append(tuple(batch))
        if self.failures:
            return Failure(self.failures.pop(0))
        told = {
            each: self.issued.setdefault((key.text, each), f"secret {len(self.issued)}")
            for each in (*batch, *self.told_unasked)
            if each not in self.left_out
        }
        reasons = {each: why for each in batch if (why := self.left_out.get(each)) is not None}
        return Success(BatchAnswer(told, reasons, self.batch))
