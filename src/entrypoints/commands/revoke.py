"""The command `revoke`."""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

import click

from adapters.client.answer_files import read_invitations
from adapters.client.state_file import recorded_batches
from adapters.csv.rows import UnknownHeaderError
from adapters.fhir.invitation_operations import REVOKE_INVITATIONS
from application.mailing.ask_in_batches import AskedToWait, GivenUp, Waiting
from application.mailing.revoke_remotely import Named, RevocationStopped, RevokeRemotelyCommand
from application.ports.mailing import Refused
from domain.identifiers import PatientIdentifier
from domain.invitations import CALLER_REASONS, RequestId, RevocationReason, read_batch
from domain.mailing.work_list import in_batches
from domain.results import failed
from entrypoints.bulk_run import revoke_all
from entrypoints.commands.bulk_options import bulk_options, read_options_without_list, without_list


class BatchType(click.ParamType[RequestId]):
    """A batch on the command line."""

    name = "uuid"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> RequestId:
        """Read a UUID in its canonical form."""
        batch = read_batch(str(value))
        if failed(batch):
            self.fail("a batch is a UUID, as the header Invitation-Batch gives it", param, ctx)
        return batch.unwrap()


@without_list
@click.command()
@bulk_options
@click.option(
    "--tokens",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An output of `generate`, whose invitations are revoked.",
)
@click.option("--batch", metavar="ID", type=BatchType(), help="A batch, as in Invitation-Batch.")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([each.value for each in CALLER_REASONS]),
    help="Why the invitations are revoked.",
)
def revoke(tokens: Path | None, batch: RequestId | None, reason: str, **options: object) -> None:
    """Revoke invitations through a service: those of a file, or of a batch.

    FILE.state knows the batches of FILE, and their invitations are revoked. Without it, FILE may be a part of
    an output: then all open invitations of its patients are revoked, 500 patients in a request. Redeemed
    invitations stay redeemed, and are listed.

    The command can be repeated. Access tokens are as for `generate`.
    """
    if (tokens is None) == (batch is None):
        raise click.UsageError("give either --tokens or --batch")
    named = [batch] if batch is not None else _named_in(tokens or Path())
    command = RevokeRemotelyCommand(named, RevocationReason(reason))
    revoked = revoke_all(read_options_without_list(options).run(), command, _say)
    if failed(revoked):
        raise click.ClickException(_why_stopped(revoked.failure()))
    for each in revoked.unwrap().redeemed:
        click.echo(f"{each.system.value},{each.value}")
    click.echo(
        f"{revoked.unwrap().count:,} invitations are revoked, "
        f"{len(revoked.unwrap().redeemed):,} were redeemed before.",
        err=True,
    )


def _named_in(tokens: Path) -> Sequence[Named]:
    batches = recorded_batches(tokens)
    if failed(batches):
        raise click.ClickException(
            f"{tokens} was changed since {tokens}.state was written. Copy it to another directory to revoke "
            "the invitations of its patients."
        )
    known = batches.unwrap()
    return known if known is not None else in_batches(_patients_in(tokens), REVOKE_INVITATIONS.limit)


def _patients_in(tokens: Path) -> Sequence[PatientIdentifier]:
    with tokens.open(encoding="utf-8", errors="replace", newline="") as lines:
        try:
            read = list(read_invitations(lines, "ndjson" if tokens.suffix.lower() == ".ndjson" else "csv"))
        except UnknownHeaderError as error:
            raise click.ClickException(f"{tokens.name}: {error}") from None
    bad = [each.failure() for each in read if failed(each)]
    if bad:
        raise click.ClickException(
            f"{tokens.name}, line {bad[0].line}: {bad[0].problem}. Nothing was revoked."
        )
    return list(dict.fromkeys(each.unwrap().identifier for each in read))


def _say(waiting: Waiting) -> None:
    click.echo(f"{waiting.problem}; again in {waiting.seconds:.0f} s", err=True)


def _why_stopped(stopped: RevocationStopped) -> str:
    match stopped:
        case Refused(text):
            return text
        case GivenUp(problem):
            return f"{problem} after many attempts. Run the same command later."
        case AskedToWait(seconds):
            return (
                f"the service asks to be called again in {seconds / 3_600:,.1f} hours. "
                "Run the same command then."
            )
        case _:
            assert_never(stopped)
