"""The command `letters`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import assert_never

import click
from returns.result import Result
from rich.console import Console
from rich.progress import Progress

from adapters.client.answer_files import OutputForm, read_invitations
from adapters.csv.addressees import read_addressees
from adapters.csv.formats import refuse_file_of_another_format
from adapters.csv.rows import UnknownHeaderError
from adapters.letters.body import fits_its_page
from adapters.letters.new_file import write_new_file
from adapters.letters.pdf_letters import PdfLetters
from adapters.letters.template import Sender, default_template, read_template
from adapters.system import SystemClock
from application.mailing.write_letters import (
    Contradiction,
    ListedAddressee,
    NoLetter,
    NotInvited,
    Outcome,
    Printed,
    UnreadAddressee,
    UnreadInvitation,
    WithoutLetter,
    WriteLetters,
)
from domain.mailing.letters import NoLetterReason
from domain.mailing.work_list import BadLine, RepeatedLine
from domain.results import failed

_WHY: Mapping[NoLetterReason, str] = {
    NoLetterReason.SEVERAL_INVITATIONS: (
        "the numbers lead to different invitations, so one is another patient's. Correct the numbers."
    ),
    NoLetterReason.NO_NAME: "there is no name. Add it.",
    NoLetterReason.NO_ADDRESS: "there is no address. Add it.",
    NoLetterReason.NOT_FILLED_IN: (
        "name or address has a placeholder such as #N/A or NULL. Write what is meant."
    ),
    NoLetterReason.EXPIRED: "the invitation has expired, or expires today. Generate a new one.",
    NoLetterReason.NUMBER_SHOWN: (
        "the letter would show the patient's number. Remove it from the name, the address or the join URL."
    ),
    NoLetterReason.CHARACTERS_MISSING: (
        "name or address has characters that cannot be printed. Write them in Latin letters."
    ),
    NoLetterReason.ADDRESS_TOO_LARGE: (
        "name and address do not fit into the window of the envelope. Shorten them."
    ),
    NoLetterReason.PAGE_TOO_SMALL: "the letter does not fit on its page. Shorten the template or the name.",
    NoLetterReason.JOIN_URL_TOO_LONG: (
        "the join URL is too long for a QR code. Generate with a shorter --join-url."
    ),
}


class LettersReport:
    """Prints a line for each problem, and counts. It quotes nothing of a patient."""

    def __init__(self, console: Console, tokens: str, patients: str) -> None:
        """Report lines of the two files with these names."""
        self.console = console
        self._tokens = tokens
        self._patients = patients
        self.printed = 0
        self.failed = 0
        self._not_invited = 0
        self._without_letter = 0

    def __call__(self, outcome: Outcome) -> None:
        """Count an outcome, and report a problem."""
        match outcome:
            case Printed():
                self.printed += 1
            case NotInvited():
                self._not_invited += 1
            case RepeatedLine(line, first_line):
                self._print(self._patients, line, f"repeats line {first_line}, which has the letter")
            case Contradiction(line, other_line):
                self._fail(
                    self._patients,
                    line,
                    f"line {other_line} has the same invitation, with another name or address. "
                    "Correct or delete the wrong line.",
                )
            case NoLetter(line, why):
                self._fail(self._patients, line, _WHY[why])
            case UnreadAddressee(bad):
                self._fail(self._patients, bad.line, bad.problem)
            case UnreadInvitation(bad):
                self._fail(self._tokens, bad.line, bad.problem)
            case WithoutLetter(invitations):
                self._without_letter = invitations
            case _:
                assert_never(outcome)

    def summary(self, output: Path) -> str:
        """Give the counts of all lines."""
        letters = (
            f"{self.printed:,} letters are in {output}" if self.printed else "There are no letters to print"
        )
        return (
            f"{letters}. {self._not_invited:,} patients are not invited; "
            f"{self._without_letter:,} invitations have no letter."
        )

    def _fail(self, file: str, line: int, problem: str) -> None:
        self.failed += 1
        self._print(file, line, problem)

    def _print(self, file: str, line: int, problem: str) -> None:
        self.console.print(f"{file} line {line}: {problem}", markup=False, highlight=False)


_FORMS: Mapping[str, OutputForm] = {".csv": "csv", ".ndjson": "ndjson"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _show_template(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click passes it so
    if wanted:
        click.echo(default_template().encode(), nl=False)
        context.exit()


@click.command()
@click.option("--tokens", required=True, metavar="FILE", type=_FILE, help="The output of `generate`.")
@click.option(
    "--patients", required=True, metavar="FILE", type=_FILE, help="CSV with numbers, names and addresses."
)
@click.option("--template", metavar="FILE", type=_FILE, help="The text of the letters.")
@click.option(
    "--organisation-name",
    default="",
    metavar="NAME",
    help="The organisation that invites, for {organisation} in the template.",
)
@click.option(
    "--contact",
    default="",
    metavar="TEXT",
    help="Whom patients may ask, such as a phone number, for {contact} in the template.",
)
@click.option(
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The new PDF file for all letters.",
)
@click.option(
    "--show-template",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_template,
    help="Print the default template, and do nothing else.",
)
def letters(  # noqa: PLR0913 - click passes an argument for each option
    *,
    tokens: Path,
    patients: Path,
    template: Path | None,
    organisation_name: str,
    contact: str,
    output: Path,
) -> None:
    """Print a letter for each patient who is invited, with code, token and QR code.

    The tokens are the output of `generate` (.csv or .ndjson). The patients are CSV, with the columns

    \b
    nhs_number,chi_number,health_and_care_number  (any of them; or system,value)
    name,address_1,address_2,address_3,address_4,address_5,postcode

    of which name and address_1 are required. Other columns are ignored. The letters are in the order of the
    patients. The built-in template names who invites and whom to ask, so give --organisation-name and
    --contact with it. If an invited row gets no letter, the command reports its line number and why, and the
    exit code is 1. A row whose numbers lead to different invitations gets no letter. Neither do rows that
    give one invitation to different names or addresses.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with \b
    form = _FORMS.get(tokens.suffix.lower())
    if form is None:
        raise click.UsageError(f"{tokens.name} ends neither in .csv nor in .ndjson")
    _check(output)
    printer = _printer(template, Sender(organisation_name, contact))
    report = LettersReport(Console(stderr=True, soft_wrap=True), tokens.name, patients.name)
    _write(printer, report, tokens, form, patients)
    if report.printed:
        _write_pdf(output, printer.content())
    click.echo(report.summary(output))
    if report.failed:
        raise click.ClickException(f"{report.failed:,} lines had problems and have no letter")


def _check(output: Path) -> None:
    """Refuse an output that cannot be written. Raises click.ClickException."""
    if output.suffix.lower() != ".pdf":
        raise click.UsageError(f"--output {output.name} does not end in .pdf")
    if output.exists():
        raise _exists(output)
    if not output.absolute().parent.is_dir():
        raise click.ClickException(f"the directory of {output} does not exist")


def _write_pdf(output: Path, content: bytes) -> None:
    try:
        write_new_file(output, content)
    except FileExistsError:
        raise _exists(output) from None
    except OSError as error:
        # the file has another name until it is complete
        raise OSError(error.errno, error.strerror, str(output)) from None


def _exists(output: Path) -> click.ClickException:
    return click.ClickException(f"{output} already exists; choose another --output or delete it")


def _write(
    printer: PdfLetters, report: LettersReport, tokens: Path, form: OutputForm, patients: Path
) -> None:
    console = report.console
    with ExitStack() as stack:
        progress = stack.enter_context(
            Progress(console=console, transient=True, disable=not console.is_terminal)
        )
        # bytes that are not UTF-8 spoil their own line alone
        token_lines = stack.enter_context(tokens.open(encoding="utf-8", errors="replace"))
        patient_lines = stack.enter_context(
            progress.open(patients, "r", encoding="utf-8", errors="replace", description=patients.name)
        )
        try:
            refuse_file_of_another_format(tokens)
            invitations = read_invitations(token_lines, form)
        except UnknownHeaderError as error:
            raise click.ClickException(f"{tokens.name}: {error}") from None
        try:
            refuse_file_of_another_format(patients)
            addressees = read_addressees(patient_lines)
        except UnknownHeaderError as error:
            raise click.ClickException(f"{patients.name}: {error}") from None
        task = progress.add_task("letters", total=None)
        lines = _counted(addressees, lambda total: progress.update(task, total=total))
        for outcome in WriteLetters(printer, SystemClock())(invitations, lines):
            report(outcome)
            progress.advance(task)


def _counted(
    addressees: Iterable[Result[ListedAddressee, BadLine]], on_total: Callable[[int], None]
) -> Iterator[Result[ListedAddressee, BadLine]]:
    count = 0
    for count, each in enumerate(addressees, start=1):  # noqa: B007 - the last one counts
        yield each
    on_total(count)


def _printer(template: Path | None, sender: Sender) -> PdfLetters:
    try:
        text = default_template() if template is None else template.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{template} is not UTF-8") from None
    lines = read_template(text, sender)
    if failed(lines):
        problems = [
            f"line {each.line}: {each.problem}" if each.line else each.problem for each in lines.failure()
        ]
        which = "the built-in template" if template is None else template.name
        raise click.ClickException("\ninvitations: ".join(f"{which}, {each}" for each in problems))
    if not fits_its_page(lines.unwrap()):
        raise click.ClickException("the template is too long for its page")
    return PdfLetters(lines.unwrap())
