"""Commands whose standard streams are closed, and commands that are stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import HOSPITAL
from tests.integration.commands.shell import FAR_TOO_LONG, Outcome, environment

INVITATIONS = [sys.executable, "-m", "entrypoints"]


def _without(stream: int, command: list[str]) -> list[str]:
    """Give the command that runs another one with a closed stream."""
    return ["sh", "-c", f'exec "$@" {stream}>&-', "sh", *command]


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize("closed", [0, 2])
def test_a_command_needs_neither_its_standard_input_nor_its_standard_error(closed: int) -> None:
    ended = subprocess.run(
        _without(closed, [*INVITATIONS, "organisations", "list"]),
        env=environment({"INVITATIONS_DATABASE_URL": os.environ["INVITATIONS_DATABASE_URL"]}),
        stdout=subprocess.PIPE,
        timeout=FAR_TOO_LONG,
        check=False,
    )

    assert (ended.returncode, len(ended.stdout.splitlines())) == (0, 2)


@pytest.mark.parametrize("arguments", [["keys", "new"], ["organisations", "list"]])
def test_a_command_without_a_standard_output_does_nothing(tmp_path: Path, arguments: list[str]) -> None:
    ended = subprocess.run(
        _without(1, [*INVITATIONS, *arguments]),
        cwd=tmp_path,
        env=environment({"INVITATIONS_DATABASE_URL": "sqlite+aiosqlite:///made.db"}),
        stderr=subprocess.PIPE,
        text=True,
        timeout=FAR_TOO_LONG,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (
        2,
        "invitations: the standard output is closed; send it to a file or to /dev/null\n",
    )
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("ignored", [signal.SIGUSR1, signal.SIGINT], ids=["in-front", "background-job"])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_leaves_no_unfinished_file(
    tmp_path: Path, stop: signal.Signals, ignored: signal.Signals
) -> None:
    with _making_a_file(tmp_path, ignored) as process:
        process.send_signal(stop)
        process.wait(FAR_TOO_LONG)

    # as without a handler, the parent learns which signal it was
    assert process.returncode == -stop
    assert [*tmp_path.iterdir()] == []


def test_a_command_goes_on_without_its_terminal_if_its_parent_wants_it(tmp_path: Path) -> None:
    with _making_a_file(tmp_path, signal.SIGHUP) as process:
        process.send_signal(signal.SIGHUP)
        process.communicate(b"\n", timeout=FAR_TOO_LONG)

    assert process.returncode == 0
    assert [*tmp_path.iterdir()] == [tmp_path / "new"]


def test_an_error_shows_no_control_characters(bare_command: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "\x1b[2J.txt").touch()

    ended = bare_command("patients", "import", "\x1b[2J.txt", "--organisation", str(HOSPITAL))

    assert ended == Outcome(1, "", "invitations:  [2J.txt ends neither in .csv nor in .ndjson\n")


_MAKE_A_FILE = """
import select
import signal
import sys
from pathlib import Path
from adapters.letters.new_file import new_file
from entrypoints import cli

def command(**_options):
    with new_file(Path("new")):
        print("unfinished", flush=True)
        # a signal right before a read that has no end would wait for it
        while not select.select([sys.stdin], [], [], 0.1)[0]:
            pass

# the tests may have been started by nohup, which ignores it
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(int(sys.argv[1]), signal.SIG_IGN)
cli.invitations.main = command
cli.main()
"""


def _making_a_file(directory: Path, ignored: signal.Signals) -> subprocess.Popen[bytes]:
    """Start a command that makes a file, and wait until it is there, unfinished."""
    process = subprocess.Popen(
        [sys.executable, "-c", _MAKE_A_FILE, str(int(ignored))],
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"unfinished\n"
    return process
