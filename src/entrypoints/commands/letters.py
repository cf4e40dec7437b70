"""The command `letters`."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click
from returns.result import Failure
from rich.console import Console
from rich.progress import Progress

from adapters.bulk_client.addressee_lines import read_addressees
from adapters.bulk_client.answer_lines import OutputForm
from adapters.bulk_client.csv_rows import UnknownHeaderError
from adapters.bulk_client.invitation_lines import read_invitations
from adapters.letters.body import fits_its_page
from adapters.letters.new_file import write_new_file
from adapters.letters.pdf_letters import PdfLetters
from adapters.letters.template import default_template, read_template
from adapters.system_clock import SystemClock
from application.write_letters import WriteLetters
from entrypoints.commands.letters_report import LettersReport

_FORMS: Mapping[str, OutputForm] = {".csv": "csv", ".ndjson": "ndjson"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _show_template(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click passes it so
    if wanted:
        click.echo(default_template(), nl=False)
        context.exit()


@click.command()
@click.option("--tokens", required=True, metavar="FILE", type=_FILE, help="What `generate` has written.")
@click.option(
    "--patients", required=True, metavar="FILE", type=_FILE, help="CSV with numbers, names and addresses."
)
@click.option("--template", metavar="FILE", type=_FILE, help="The words of the letters.")
@click.option(
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the letters go, in one PDF; a new file.",
)
@click.option(
    "--show-template",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_template,
    help="Print the template that is used without --template, and do nothing else.",
)
def letters(tokens: Path, patients: Path, template: Path | None, output: Path) -> None:
    """Print a letter for each patient who is invited, with code, token and QR code.

    The tokens are the output of `generate` (.csv or .ndjson). The patients are CSV, with the columns

    \b
    nhs_number,chi_number,health_and_care_number  (any of them; or system,value)
    name,address_1,address_2,address_3,address_4,address_5,postcode

    of which name and address_1 are needed; other columns are not looked at. Letters come in the order of
    the patients. Who gets none though invited is reported with a line number, and the exit code is 1.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with \b
    form = _FORMS.get(tokens.suffix.lower())
    if form is None:
        raise click.UsageError(f"{tokens.name} ends neither in .csv nor in .ndjson")
    if output.exists():
        raise click.ClickException(f"{output} is there already; name another output")
    if not output.absolute().parent.is_dir():
        raise click.ClickException(f"there is no directory for {output}")
    printer = _printer(template)
    report = LettersReport(Console(stderr=True, soft_wrap=True), tokens.name, patients.name)
    _write(printer, report, tokens, form, patients)
    if report.printed:
        write_new_file(output, printer.content())
    click.echo(report.summary(output))
    if report.failed:
        raise click.ClickException(f"{report.failed:,} lines have no letter that might have one")


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
            invitations = read_invitations(token_lines, form)
        except UnknownHeaderError as error:
            raise click.ClickException(f"{tokens.name}: {error}") from None
        try:
            addressees = read_addressees(patient_lines)
        except UnknownHeaderError as error:
            raise click.ClickException(f"{patients.name}: {error}") from None
        for outcome in WriteLetters(printer, SystemClock())(invitations, addressees):
            report(outcome)


def _printer(template: Path | None) -> PdfLetters:
    try:
        text = default_template() if template is None else template.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException("the template is not UTF-8") from None
    lines = read_template(text)
    if isinstance(lines, Failure):
        told = [
            f"line {each.line}: {each.problem}" if each.line else each.problem for each in lines.failure()
        ]
        raise click.ClickException("\ninvitations: ".join(f"the template, {each}" for each in told))
    if not fits_its_page(lines.unwrap()):
        raise click.ClickException("the template is too long for its page")
    return PdfLetters(lines.unwrap())
