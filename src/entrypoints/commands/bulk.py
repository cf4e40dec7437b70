"""What the commands that work through a file do alike."""

from pathlib import Path
from typing import TypeVar, assert_never

import click
from returns.result import Failure
from rich.console import Console

from adapters.bulk_client.csv_rows import UnknownHeaderError
from adapters.bulk_client.identifier_lines import read_identifiers
from application.ask_in_batches import AnswerAstray, GivenUp, Stopped
from application.ports.answer_ledger import AnswersElsewhere, InUse, OtherWork
from application.ports.remote_operation import Refused
from domain.work_list import WorkList, compile_work_list
from entrypoints.bulk_run import BulkOperation, ask_for_all
from entrypoints.commands.bulk_options import BulkOptions
from entrypoints.commands.bulk_progress import BulkProgress

T = TypeVar("T")


def work_through(options: BulkOptions, operation: BulkOperation[T]) -> None:
    """Report lines that add nobody, and ask for all others unless only a check is wanted."""
    run = None if options.check else options.run()
    work = _read(options.identifiers)
    console = Console(stderr=True, soft_wrap=True)
    _report(work, console)
    if run is not None:
        progress = BulkProgress(console, len(work.identifiers), quiet=options.quiet)
        with progress.bar:
            asked = ask_for_all(run, operation, work.identifiers, progress)
        if isinstance(asked, Failure):
            done = f"{progress.done:,} of {len(work.identifiers):,} patients are done"
            raise click.ClickException(f"{_why_stopped(asked.failure(), options.output)} ({done})")
        click.echo(f"{progress.done:,} patients are done: {options.output}, {options.output}.omitted.csv")
    elif not work.bad:
        click.echo(f"{len(work.identifiers):,} patients to ask for.")
    if work.bad:
        raise click.ClickException(f"{len(work.bad):,} lines were bad and name nobody to ask for")


def _read(identifiers: Path) -> WorkList:
    # bytes that are not UTF-8 spoil their own line alone
    with click.open_file(str(identifiers), "r", encoding="utf-8", errors="replace") as lines:
        try:
            return compile_work_list(read_identifiers(lines))
        except UnknownHeaderError as error:
            raise click.ClickException(f"{identifiers.name}: {error}") from None


def _report(work: WorkList, console: Console) -> None:
    problems = [(each.line, each.problem) for each in work.bad]
    problems += [(each.line, f"repeats line {each.first_line}") for each in work.repeated]
    for line, problem in sorted(problems):
        console.print(f"line {line}: {problem}", markup=False, highlight=False)


def _why_stopped(stopped: Stopped, output: Path) -> str:
    match stopped:
        case Refused(text):
            return text
        case GivenUp(problem):
            return f"{problem}, however often it is asked; the same command goes on later"
        case AnswerAstray():
            return "the service told of somebody who was not asked for"
        case AnswersElsewhere():
            return f"{output} or a file beside it is not as a run left it; name another output"
        case InUse():
            return f"another process is writing {output}"
        case OtherWork():
            return (
                f"{output} was begun with other identifiers, or for another service or organisation; "
                "name another output"
            )
        case _:
            assert_never(stopped)
