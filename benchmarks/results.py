"""The results of a run."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from benchmarks.endurance import Endurance
from benchmarks.figures import Figures, figures
from benchmarks.imports import Imports
from benchmarks.life import Lives
from benchmarks.plan import Plan
from benchmarks.rounds import Slices
from benchmarks.slices import Load, Slice
from benchmarks.starts import Starts


class Results(Struct, frozen=True):
    """The measurements, with the machine and the plan."""

    plan: Plan
    begun_at: datetime
    seconds: float
    load_before: float
    database: str
    slices: Slices
    before: str
    """The commit of the release before, or why it was not measured."""
    starts: Starts
    lives: Lives
    endurance: Endurance
    campaign: Slice | None
    imports: Imports

    def of(self, subject: str, load: Load) -> Sequence[Slice]:
        """Give the slices of a subject under a load, one a round."""
        return self.slices[subject, load]

    def measured(self, subject: str, load: Load) -> bool:
        """Say whether a subject was under a load."""
        return (subject, load) in self.slices

    def figures(self, subject: str, load: Load) -> Figures:
        """Summarise the slices of a subject under a load."""
        return figures(self.of(subject, load))
