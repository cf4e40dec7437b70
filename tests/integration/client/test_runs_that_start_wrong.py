"""A typo in a command burns nothing, and an outage is reported once."""

import asyncio
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_nhs_number
from tests.integration.client.conftest import Client
from tests.integration.commands.shell import Outcome, ended, environment
from tests.integration.oauth.key_server import Answer, KeyServer
from tests.integration.service import Service

PATH = "/fhir/Organization/$generate-invitation-tokens"
FILES = ["--identifiers", "n.txt", "--output", "t.csv"]
ONE, TWO = map(an_nhs_number, (1, 2))


@pytest.fixture(autouse=True)
def _numbers(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(f"{ONE}\n")


def test_after_a_refusal_everything_may_be_corrected(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    refused = client_command("generate", service.url, *FILES, "--organisation", str(OTHER_HOSPITAL))
    left = [path.name for path in tmp_path.glob("t.csv*")]
    (tmp_path / "n.txt").write_text(f"{TWO}\n")

    outcome = client_command("generate", service.url, *FILES)

    assert (refused.code, left) == (1, [])
    assert outcome.code == 0, outcome.error
    assert outcome.output.splitlines() == [
        "1 patients are done: t.csv, t.csv.omitted.csv",
        "1 invited; 0 left out; 0 bad lines; 0 repeated lines.",
    ]


def test_a_run_that_has_begun_says_which_part_differs(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    client_command("generate", service.url, *FILES)

    same = client_command("generate", f"{service.url}/fhir/", *FILES, "--server", f"{service.url}/fhir/")
    outcomes = [
        client_command("generate", service.url, *FILES, *changed)
        for changed in (
            ["--organisation", str(OTHER_HOSPITAL)],
            ["--server", "http://127.0.0.1:9/fhir"],
            ["--join-url", "https://elsewhere.test.invalid/"],
        )
    ]

    assert same.code == 0, same.error
    for outcome, part in zip(outcomes, ["organisation", "service", "join URL"], strict=True):
        assert (outcome.code, f"t.csv was started with another {part};" in outcome.error) == (1, True)


def test_the_summary_counts_what_became_of_the_lines(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    dead, nobody = an_nhs_number(0), an_nhs_number(99_000)
    (tmp_path / "n.txt").write_text(f"{dead}\n{ONE}\n{nobody}\n{ONE}\n9990000019\n")

    outcome = client_command("generate", service.url, *FILES)

    assert outcome.output.splitlines()[1] == (
        "1 invited; 2 left out (1 deceased, 1 not-found); 1 bad lines; 1 repeated lines."
    )


class BusyServer(KeyServer):
    """Answers some requests of each client with 429 and no time, and then for ever with 422."""

    def __init__(self, busy: int) -> None:
        super().__init__()
        self._busy = busy

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        self._busy -= 1
        return Answer(status=429) if self._busy >= 0 else Answer(b'{"issue":[{"code":"x"}]}', 422)


def test_an_outage_takes_one_line(client: Client, tmp_path: Path) -> None:
    async def run() -> tuple[Outcome, list[str]]:
        server = BusyServer(3)
        await server.start()
        process = client("generate", server.url, *FILES)
        outcome = await asyncio.to_thread(ended, process)
        await server.stop()
        return outcome, server.requests

    outcome, requests = asyncio.run(run())

    assert len(requests) == 4
    assert [line for line in outcome.error.splitlines() if "again in" in line] == [
        "the service asks to be called less often; again in 1 s, and then at longer intervals"
    ]


def test_a_failure_of_the_disk_names_the_file(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = client_command("generate", service.url, "--identifiers", "n.txt", "--output", "nowhere/t.csv")

    assert (outcome.code, outcome.error.splitlines()[-1]) == (
        1,
        "invitations: nowhere/t.csv.state: No such file or directory",
    )


def test_a_disk_that_is_full_is_named_with_the_output(tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "entrypoints", "status", "--server", "http://127.0.0.1:9/fhir"),
        *("--organisation", str(HOSPITAL), *FILES),
    ]

    # the limit for a file's length stands for a full disk: writing fails, and the call knows no name
    ended = subprocess.run(
        ["bash", "-c", f"ulimit -f 0 && exec {shlex.join(command)}"],
        cwd=tmp_path,
        env=environment({"INVITATIONS_ACCESS_TOKEN": "T"}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "invitations: t.csv: File too large")


@pytest.mark.parametrize(
    ("typed", "meant"), [("genrate", "generate"), ("letter", "letters"), ("clients lst", "list")]
)
def test_a_mistyped_command_gets_a_suggestion(
    bare_command: Callable[..., Outcome], typed: str, meant: str
) -> None:
    outcome = bare_command(*typed.split())

    assert (outcome.code, f"Did you mean '{meant}'?" in outcome.error) == (2, True)
