"""What the bulk commands share: progress, reports and messages."""

from io import BytesIO, TextIOWrapper
from pathlib import Path
from time import monotonic
from typing import TypeVar, assert_never

import click
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

from adapters.client.answer_files import count_reasons
from adapters.csv.formats import refuse_other_formats
from adapters.csv.identifiers import read_identifiers
from adapters.csv.rows import UnknownHeaderError
from application.mailing.ask_in_batches import (
    Advance,
    AskedToWait,
    Begun,
    GivenUp,
    Recorded,
    StartedDifferently,
    Stopped,
    UnexpectedPatient,
    Waiting,
)
from application.ports.mailing import AnswersElsewhere, InUse, Refused
from domain.mailing.work_list import WorkList, WorkPart, compile_work_list
from domain.results import failed
from entrypoints.bulk_run import BulkOperation, BulkRun, ask_for_all
from entrypoints.commands.bulk_options import BulkOptions

_SECONDS_BETWEEN_LINES = 5.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class BulkProgress:
    """Counts patients, and shows a bar on a terminal, else a line every few seconds."""

    def __init__(self, console: Console, total: int, *, quiet: bool) -> None:
        """Show the progress of `total` patients on a console, or nothing if `quiet`."""
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
        """Count and show an advance."""
        match advance:
            case Begun(done):
                self._earlier = done
                self._count(done)
                self.bar.reset(self._task, completed=done)
            case Recorded(answered, omitted):
                self._count(answered + omitted)
            case Waiting(seconds, problem):
                if self._lines or not self.bar.disable:
                    line = f"{problem}; again in {seconds:.0f} s, and then at longer intervals"
                    self._console.print(line, markup=False, highlight=False)
            case _:
                assert_never(advance)

    @property
    def so_far(self) -> str:
        """Say how many patients are done."""
        return f"{self.done:,} of {self._total:,} patients are done"

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


T = TypeVar("T")


def work_through(options: BulkOptions, operation: BulkOperation[T]) -> None:
    """Report repeated and bad lines, and ask for all others, unless only a check is wanted."""
    run = None if options.check else options.run()
    work = _read(options.identifiers)
    console = Console(stderr=True, soft_wrap=True)
    _report(work, console)
    if run is not None:
        _ask(run, operation, work, BulkProgress(console, len(work.identifiers), quiet=options.quiet))
        click.echo(_summary(operation, work, options.output))
    elif not work.bad:
        click.echo(f"{len(work.identifiers):,} patients to ask for.")
    if work.bad:
        raise click.ClickException(f"{len(work.bad):,} lines were bad and not asked for")


class InterruptedRunError(click.ClickException):
    """The command was interrupted by Ctrl-C."""

    exit_code = 130


def _ask(run: BulkRun, operation: BulkOperation[T], work: WorkList, progress: BulkProgress) -> None:
    """Ask for all patients. Raises click.ClickException, which says how many are done."""
    try:
        with progress.bar:
            asked = ask_for_all(run, operation, work.identifiers, progress)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"interrupted; {progress.so_far}. Run the same command again, and it continues."
        ) from None
    if failed(asked):
        raise click.ClickException(f"{_why_stopped(asked.failure(), run.output)} ({progress.so_far})")


def _summary(operation: BulkOperation[T], work: WorkList, output: Path) -> str:
    """Say what became of all lines, also of those that an earlier run has asked for."""
    omitted = output.with_name(f"{output.name}.omitted.csv")
    with omitted.open(encoding="utf-8", newline="") as lines:
        reasons = count_reasons(lines)
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    counts = [
        f"{len(work.identifiers) - reasons.total():,} {operation.answered}",
        f"{reasons.total():,} left out" + (f" ({left_out})" if left_out else ""),
        f"{len(work.bad):,} bad lines",
        f"{len(work.repeated):,} repeated lines",
    ]
    return f"{len(work.identifiers):,} patients are done: {output}, {omitted}\n{'; '.join(counts)}."


def _read(identifiers: Path) -> WorkList:
    with click.open_file(str(identifiers), "rb") as file:
        content = file.read()
    # bytes that are not UTF-8 spoil their own line alone
    lines = TextIOWrapper(BytesIO(content), encoding="utf-8", errors="replace")
    try:
        refuse_other_formats(content)
        return compile_work_list(read_identifiers(lines))
    except UnknownHeaderError as error:
        raise click.ClickException(f"{identifiers.name}: {error}") from None


def _report(work: WorkList, console: Console) -> None:
    problems = [(each.line, each.problem) for each in work.bad]
    problems += [(each.line, f"repeats line {each.first_line}") for each in work.repeated]
    for line, problem in sorted(problems):
        console.print(f"line {line}: {problem}", markup=False, highlight=False)


def _other(part: WorkPart) -> str:
    return "other identifiers" if part is WorkPart.IDENTIFIERS else f"another {part.value}"


def _why_stopped(stopped: Stopped, output: Path) -> str:
    match stopped:
        case Refused(text):
            return text
        case GivenUp(problem):
            return f"{problem} after many attempts; run the same command later to continue"
        case UnexpectedPatient():
            return "the service answered about a patient who was not asked for; report this to its operator"
        case AnswersElsewhere():
            return (
                f"{output} or a file beside it is not as the run left it, is another user's, "
                "or is a symbolic link; choose another --output"
            )
        case InUse():
            return f"another process is writing {output}; wait for it or choose another --output"
        case AskedToWait(seconds):
            return (
                f"the service asks to be called again in {seconds / 3_600:,.1f} hours; "
                "run the same command then to continue"
            )
        case StartedDifferently(parts):
            others = " and ".join(map(_other, parts))
            return (
                f"{output} was started with {others}; run the command as it was first run, "
                "or choose another --output"
            )
        case _:
            assert_never(stopped)
