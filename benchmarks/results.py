"""The results of a run."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from benchmarks.endurance import Endurance
from benchmarks.figures import Figures, figures
from benchmarks.plan import Plan
from benchmarks.rounds import Slices
from benchmarks.slices import Load, Slice


class Results(Struct, frozen=True):
    """The measurements, with the machine and the plan."""

    plan: Plan
    begun_at: datetime
    seconds: float
    load_before: float
    database: str
    slices: Slices
    seconds_to_ready: Sequence[float]
    endurance: Endurance
    campaign: Slice | None
    imported_a_second: float

    def of(self, subject: str, load: Load) -> Sequence[Slice]:
        """Give the slices of a subject under a load, one a round."""
        return self.slices[subject, load]

    def figures(self, subject: str, load: Load) -> Figures:
        """Summarise the slices of a subject under a load."""
        return figures(self.of(subject, load))
