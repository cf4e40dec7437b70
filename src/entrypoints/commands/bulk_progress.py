"""How far a run through a file has come, on a terminal or in a log."""

from time import monotonic
from typing import assert_never

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from application.ask_in_batches import Advance, Begun, Recorded, Waiting

_SECONDS_BETWEEN_LINES = 5.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class BulkProgress:
    """Shows a bar on a terminal, else a line now and then; counts in any case."""

    def __init__(self, console: Console, total: int, *, quiet: bool) -> None:
        """Show `total` patients on a console, or nothing if quiet."""
        self._console = console
        self._total = total
        self._lines = not quiet and not console.is_terminal
        self._begun_at = monotonic()
        self._next_line = 0.0
        self._earlier = 0
        self.done = 0
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self._task = self.bar.add_task("patients", total=total)

    def __call__(self, advance: Advance) -> None:
        """Take note of an advance."""
        match advance:
            case Begun(done):
                self._earlier = done
                self._count(done)
                self.bar.reset(self._task, completed=done)
            case Recorded(told, omitted):
                self._count(told + omitted)
            case Waiting(seconds, problem):
                if self._lines or not self.bar.disable:
                    self._console.print(f"{problem}; again in {seconds:.0f} s", markup=False, highlight=False)
            case _:
                assert_never(advance)

    def _count(self, patients: int) -> None:
        self.done += patients
        self.bar.update(self._task, completed=self.done)
        now = monotonic()
        if self._lines and (now >= self._next_line or self.done == self._total):
            self._next_line = now + _SECONDS_BETWEEN_LINES
            self._console.print(self._line(now), markup=False, highlight=False)

    def _line(self, now: float) -> str:
        rate = (self.done - self._earlier) / max(now - self._begun_at, 0.001)
        line = f"{self.done:,} of {self._total:,} patients"
        if rate:
            line += f", {rate:,.0f} a second, {(self._total - self.done) / rate:,.0f} s left"
        return line
