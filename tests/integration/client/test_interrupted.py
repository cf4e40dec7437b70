"""A long file is processed to its end, through interruptions of the client and the service."""

import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from signal import SIGINT

import pytest

from tests.builders import an_nhs_number
from tests.integration.client.conftest import DECEASED_EACH, JOIN_URL, Client, prepare
from tests.integration.client.gate import running_gate
from tests.integration.client.written import rows, wait_for_lines
from tests.integration.commands.shell import ended
from tests.integration.databases import Databases
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service, free_port, running_service

pytestmark = pytest.mark.full

PATIENTS = 20_000
OUTPUT = "tokens.csv"
ELIGIBLE = [an_nhs_number(each) for each in range(PATIENTS) if each % DECEASED_EACH]
DECEASED = [an_nhs_number(each) for each in range(PATIENTS) if not each % DECEASED_EACH]


@pytest.fixture(scope="module")
def prepared(
    issuer: Issuer, sqlite: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Give the settings of a service whose database knows 20,000 patients."""
    return prepare(sqlite.migrated_url(), issuer, tmp_path_factory.mktemp("many"), PATIENTS)


@pytest.fixture(scope="module")
def service(prepared: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(prepared, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


def _arguments(numbers: Path) -> list[str]:
    return ["--identifiers", str(numbers), "--output", OUTPUT, "--concurrency", "2"]


def _invitations(settings: Mapping[str, str]) -> Counter[bytes]:
    """Count the invitations of each patient."""
    path = settings["INVITATIONS_DATABASE_URL"].partition(":///")[2]
    with closing(sqlite3.connect(path)) as database:
        counted = database.execute("SELECT patient_id, count(*) FROM invitation GROUP BY patient_id")
        return Counter(dict(counted.fetchall()))


def _first_error(process: subprocess.Popen[str]) -> str:
    """Wait for the first error line of a client."""
    assert process.stderr is not None
    for line in process.stderr:
        if "again in" in line:
            return line
    raise AssertionError("the client has ended")


def test_a_client_that_is_killed_twice_invites_each_patient_once(
    service: Service,
    prepared: Mapping[str, str],
    client: Client,
    listed: Callable[[int], Path],
    tmp_path: Path,
) -> None:
    before = _invitations(prepared)
    arguments = _arguments(listed(PATIENTS))
    with running_gate(service.port) as gate:
        for requests, lines in ((3, 500), (8, 4_000)):
            gate.let_pass(requests)
            with client("generate", gate.url, *arguments) as process:
                wait_for_lines(tmp_path / OUTPUT, lines)
                assert process.poll() is None
                process.kill()
        gate.let_pass(None)

        outcome = ended(client("generate", gate.url, *arguments))

    invited, omitted = rows(tmp_path / OUTPUT), rows(tmp_path / f"{OUTPUT}.omitted.csv")
    assert outcome.code == 0, outcome.error
    assert [row[1] for row in invited] == ELIGIBLE
    assert [row[1:] for row in omitted] == [[number, "deceased"] for number in DECEASED]
    assert [*(_invitations(prepared) - before).values()] == [1] * len(ELIGIBLE)
    assert len({row[2] for row in invited}) == len(ELIGIBLE)
    assert invited[0][5] == f"{JOIN_URL}?t1={invited[0][2]}&t2={invited[0][3]}"


def test_the_client_continues_when_the_service_is_back(
    prepared: Mapping[str, str], client: Client, listed: Callable[[int], Path], tmp_path: Path
) -> None:
    arguments = _arguments(listed(2_000))
    port = free_port()
    with running_service(prepared, tmp_path / "first", port=port) as first:
        ended(client("generate", first.url, *arguments, "--check"))
    process = client("generate", f"http://127.0.0.1:{port}", *arguments)
    first_error = _first_error(process)

    with running_service(prepared, tmp_path / "second", port=port):
        outcome = ended(process)

    assert outcome.code == 0, outcome.error
    assert (
        f"127.0.0.1:{port}/fhir/Organization/$generate-invitation-tokens: connection refused" in first_error
    )
    assert len(rows(tmp_path / OUTPUT)) == 1_800


def test_the_client_waits_as_the_service_asks(
    prepared: Mapping[str, str], client: Client, listed: Callable[[int], Path], tmp_path: Path
) -> None:
    # all are sent at once, so that the last has to wait on a slow machine too
    settings = {**prepared, "INVITATIONS_MAX_REQUESTS_PER_MINUTE": "6"}
    arguments = [*_arguments(listed(7 * 500)), "--concurrency", "8"]

    with running_service(settings, tmp_path / "log") as slow:
        outcome = ended(client("generate", slow.url, *arguments))

    assert outcome.code == 0, outcome.error
    assert "the service asks to be called less often; again in" in outcome.error
    assert len(rows(tmp_path / OUTPUT)) == 7 * 450


def test_ctrl_c_ends_the_command_and_it_can_be_continued(
    service: Service, client: Client, listed: Callable[[int], Path], tmp_path: Path
) -> None:
    arguments = _arguments(listed(PATIENTS))
    with running_gate(service.port) as gate:
        gate.let_pass(3)
        process = client("generate", gate.url, *arguments)
        wait_for_lines(tmp_path / OUTPUT, 400)
        process.send_signal(SIGINT)
        interrupted = ended(process)
        gate.let_pass(None)

        outcome = ended(client("generate", gate.url, *arguments))

    last = interrupted.error.splitlines()[-1]
    assert interrupted.code == 130
    assert last.startswith("invitations: interrupted; ")
    assert last.endswith(" of 20,000 patients are done. Run the same command again, and it continues.")
    assert outcome.code == 0, outcome.error
    assert [row[1] for row in rows(tmp_path / OUTPUT)] == ELIGIBLE
