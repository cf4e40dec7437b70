"""A mail house revokes what it has invited, and invites nobody twice."""

from collections.abc import Callable
from pathlib import Path

from tests.builders import an_nhs_number
from tests.integration.client.conftest import KEPT_APART
from tests.integration.commands.shell import Outcome
from tests.integration.service import Service

ONE, TWO, THREE, FOUR, FIVE = (an_nhs_number(number) for number in KEPT_APART[1:6])

Run = Callable[..., Outcome]


def _invite(run: Run, service: Service, directory: Path, name: str, *numbers: str) -> Path:
    (directory / f"{name}.txt").write_text("".join(f"{each}\n" for each in numbers))
    outcome = run("generate", service.url, "--identifiers", f"{name}.txt", "--output", f"{name}.csv")
    assert outcome.code == 0, outcome.error
    return directory / f"{name}.csv"


def _revoke(run: Run, service: Service, *options: str) -> Outcome:
    return run("revoke", service.url, "--reason", "misprinted", *options)


def test_the_batches_of_an_output_are_revoked_once(
    service: Service, client_command: Run, tmp_path: Path
) -> None:
    _invite(client_command, service, tmp_path, "other", ONE)
    _invite(client_command, service, tmp_path, "tokens", ONE, TWO)

    outcomes = [_revoke(client_command, service, "--tokens", "tokens.csv") for _time in range(2)]

    assert [each.code for each in outcomes] == [0, 0]
    assert [each.error.splitlines()[-1] for each in outcomes] == [
        "2 invitations are revoked, 0 were redeemed before.",
        "0 invitations are revoked, 0 were redeemed before.",
    ]


def test_a_part_of_an_output_revokes_all_open_invitations_of_its_patients(
    service: Service, client_command: Run, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        output = _invite(client_command, service, tmp_path, name, ONE, THREE)
    part = output.read_text().splitlines()[0::2]
    (tmp_path / "part.csv").write_text("".join(f"{line}\n" for line in part))

    outcome = _revoke(client_command, service, "--tokens", "part.csv")

    assert (outcome.code, outcome.error.splitlines()[-1]) == (
        0,
        "2 invitations are revoked, 0 were redeemed before.",
    )


def test_an_unknown_batch_is_refused(service: Service, client_command: Run) -> None:
    outcome = _revoke(client_command, service, "--batch", "00000000-0000-0000-0000-000000000001")

    assert outcome.code == 1
    assert "The organisation has issued no such batch." in outcome.error


def test_a_file_or_a_batch_is_named(service: Service, client_command: Run) -> None:
    outcome = _revoke(client_command, service)

    assert (outcome.code, outcome.error) == (2, "invitations: give either --tokens or --batch\n")


def test_who_has_an_open_invitation_is_not_invited_again(
    service: Service, client_command: Run, tmp_path: Path
) -> None:
    _invite(client_command, service, tmp_path, "before", FOUR)
    (tmp_path / "n.txt").write_text(f"{FOUR}\n{FIVE}\n")
    arguments = ("generate", service.url, "--identifiers", "n.txt", "--output", "t.csv", "--skip-pending")

    first = client_command(*arguments)
    again = client_command(*arguments)

    assert (first.code, again.code) == (0, 0), first.error + again.error
    assert [line.split(",")[1] for line in (tmp_path / "t.csv").read_text().splitlines()[1:]] == [FIVE]
    pending = (tmp_path / "t.csv.pending.csv").read_text().splitlines()[1:]
    assert [line.split(",")[2] for line in pending] == ["pending", "none"]
