"""The guide's way from a mailing list to letters, gone in a shell as it says; the client is killed twice."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from tests.integration.architecture.source import ROOT
from tests.integration.client.gate import Gate, running_gate
from tests.integration.client.written import wait_for_lines
from tests.integration.commands.shell import Outcome, ended, environment
from tests.integration.documented_examples import examples_in
from tests.integration.http.support.processes import wait_until

GUIDE = (ROOT / "docs" / "mailing.md").read_text(encoding="utf-8")
DEMO, INVITE, PRINT = (
    each.text for each in examples_in(GUIDE) if each.heading == "Try it with made-up patients"
)
KILLS = ((3, 500), (12, 6_000))
"""Requests that a client may make, and the lines after which it is killed while it waits for the next."""

_INVITATIONS = """
    SELECT value, count(*) FROM invitation JOIN patient_identifier USING (patient_id) GROUP BY value
"""
_ELIGIBLE = """
    SELECT value FROM patient_identifier JOIN patient ON patient.id = patient_id
    WHERE NOT deceased AND NOT has_holds AND registered_at IS NULL
    AND date_of_birth <= date('now', '-16 years')
    AND patient_id IN (SELECT patient_id FROM care_relationship JOIN organisation
        ON organisation.id = organisation_id WHERE name = 'Demo Hospital')
"""


class Walked(Struct, frozen=True):
    """What a newcomer has in the end, and what the commands said; of the database, by patients' numbers."""

    sample: Path
    demo: Outcome
    invite: Outcome
    letters: Outcome
    eligible: set[str]
    invitations: Counter[str]
    left_behind: list[Path]


def walk(directory: Path) -> Walked:
    """Go the whole way in a directory."""
    sample, temporary = directory / "sample", directory / "temporary"
    temporary.mkdir()
    with _shell(directory, DEMO) as demo:
        wait_until(lambda: (sample / "environment").exists() or demo.poll() is not None)
        [database] = temporary.glob("*/demo.db")
        before = _invitations(database)
        with _gate_before(sample / "environment") as gate:
            for requests, lines in KILLS:
                gate.let_pass(requests)
                with _shell(directory, INVITE) as client:
                    wait_for_lines(sample / "tokens.csv", lines)
                    assert client.poll() is None
            gate.let_pass(None)
            with _shell(directory, INVITE) as client:
                invite = ended(client)
        with _shell(directory, PRINT) as printer:
            letters = ended(printer)
        invitations, eligible = _invitations(database) - before, _eligible(database)
        os.killpg(demo.pid, signal.SIGTERM)
        shown = ended(demo)
    return Walked(sample, shown, invite, letters, eligible, invitations, [*temporary.iterdir()])


@contextmanager
def _gate_before(environment_file: Path) -> Iterator[Gate]:
    """Put a gate before the service of the sample, which its file then names."""
    content = environment_file.read_text()
    port = re.findall(r"127\.0\.0\.1:(\d+)", content)[0]
    with running_gate(int(port)) as gate:
        environment_file.write_text(content.replace(f":{port}", f":{gate.port}"))
        yield gate


@contextmanager
def _shell(directory: Path, script: str) -> Iterator[subprocess.Popen[str]]:
    """Run a line of shell. At the end of the block, it is killed with its children."""
    settings = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TMPDIR": f"{directory / 'temporary'}",
    }
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # its pipes stay open until the last process has ended, and are closed if it was waited for
        with suppress(ValueError):
            process.communicate()


def _invitations(database: Path) -> Counter[str]:
    with closing(sqlite3.connect(database)) as connection:
        return Counter(dict(connection.execute(_INVITATIONS).fetchall()))


def _eligible(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {value for (value,) in connection.execute(_ELIGIBLE)}
