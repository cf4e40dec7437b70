"""The port to what has been answered already."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result

from domain.patient_identifier import PatientIdentifier

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class AnswersElsewhere(Struct, frozen=True):
    """Something stands in the ledger's place that no run has written, or that was changed since."""


class InUse(Struct, frozen=True):
    """Another process works with the ledger now."""


class OtherWork(Struct, frozen=True):
    """The ledger was begun for another list, operation, service or organisation."""


LedgerRefused: TypeAlias = AnswersElsewhere | InUse | OtherWork


class Run(Struct, frozen=True):
    """A run as far as it has come; `id` is random, and the same however often it is begun again."""

    id: str
    batches_done: int


class AnswerLedger(Protocol[T_contra]):
    """Keeps the answers to the batches of a run, in their order, whatever happens to the process."""

    async def open(self) -> Result[Run, LedgerRefused]:
        """Begin a run, or go on with one; answers that were not recorded whole are gone."""
        ...

    async def bind(self, fingerprint: str) -> Result[None, LedgerRefused]:
        """Say what the run works on; refuse what it was not begun for."""
        ...

    async def record(
        self,
        told: Mapping[PatientIdentifier, T_contra],
        omitted: Mapping[PatientIdentifier, str],
    ) -> None:
        """Put the answers to the next batch where they outlast the process and the machine's power."""
        ...
