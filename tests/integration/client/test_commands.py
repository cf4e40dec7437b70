"""The commands that work through a file, as an integrator runs them."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import HOSPITAL, NHS, OTHER_HOSPITAL, an_nhs_number
from tests.integration.client.conftest import JOIN_URL, Client
from tests.integration.commands.shell import Outcome, ended, environment
from tests.integration.http.support.issuer import Issuer
from tests.integration.oauth.key_server import Answer, running_key_server
from tests.integration.service import Service

DEAD, ONE, TWO = map(an_nhs_number, (0, 1, 2))
SECRET = "a-secret-that-nobody-sees"


def _asked(service: Service, name: str = "tokens.csv") -> list[str]:
    return [
        "generate",
        *("--server", f"{service.url}/fhir"),
        *("--organisation", str(HOSPITAL)),
        *("--join-url", JOIN_URL),
        *("--identifiers", "-", "--output", name),
    ]


def _piped(directory: Path, lines: str, arguments: list[str], **settings: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "entrypoints", *arguments],
        cwd=directory,
        env=environment(settings),
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_numbers_from_standard_input_become_ndjson(service: Service, issuer: Issuer, tmp_path: Path) -> None:
    token = issuer.access_token()

    outcome = _piped(
        tmp_path,
        f"{ONE}\n{TWO}\n",
        [*_asked(service, "t.ndjson"), "--join-url", "https://join.test.invalid/x?a=1"],
        INVITATIONS_ACCESS_TOKEN=token,
    )

    first, second = map(json.loads, (tmp_path / "t.ndjson").read_text().splitlines())
    assert (outcome.code, [first["value"], second["value"]]) == (0, [ONE, TWO])
    assert first["join_url"] == f"https://join.test.invalid/x?a=1&t1={first['code']}&t2={first['token']}"
    assert [*first] == ["system", "value", "code", "token", "expiry", "join_url"]
    assert token not in outcome.output + outcome.error


def test_status_reports_every_patient(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    nobody = an_nhs_number(99_000)
    (tmp_path / "n.txt").write_text(f"{DEAD}\n{ONE}\n{nobody}\n")

    outcome = client_command("status", service.url, "--identifiers", "n.txt", "--output", "s.csv")

    assert outcome.code == 0, outcome.error
    assert (tmp_path / "s.csv").read_text().splitlines() == [
        "system,value,deceased,registered,date_of_birth,diagnostics",
        f"{NHS.value},{DEAD},true,false,1980-04-01,",
        f"{NHS.value},{ONE},false,false,1980-04-01,",
        f"{NHS.value},{nobody},,,,Not found",
    ]


def test_check_reports_lines_without_a_patient_and_sends_nothing(
    client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "n.txt").write_text(f"{ONE}\n9990000019\n{TWO}\n{ONE}\n")

    outcome = client_command(
        "generate", "http://127.0.0.1:9", "--identifiers", "n.txt", "--output", "t.csv", "--check"
    )

    assert outcome.code == 1
    assert outcome.error.splitlines() == [
        "line 2: nhs_number is not ten digits with a right check digit",
        "line 4: repeats line 1",
        "invitations: 1 lines were bad and not asked for",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["n.txt"]


def test_good_numbers_are_asked_for_though_others_are_bad(
    service: Service, client_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "n.txt").write_text(f"{ONE}\n9990000019\n")

    outcome = client_command(
        "generate", service.url, "--identifiers", "n.txt", "--output", "t.csv", "--quiet"
    )

    assert (outcome.code, len((tmp_path / "t.csv").read_text().splitlines())) == (1, 2)
    assert len(outcome.error.splitlines()) == 2


@pytest.mark.parametrize(
    ("token", "organisation", "said"),
    [
        pytest.param("forged", HOSPITAL, "status 401: login: ", id="401"),
        pytest.param(None, OTHER_HOSPITAL, "status 403: forbidden: ", id="403"),
    ],
)
def test_a_refusal_stops_the_command_with_its_own_words(
    service: Service,
    client_command: Callable[..., Outcome],
    tmp_path: Path,
    *,
    token: str | None,
    organisation: object,
    said: str,
) -> None:
    (tmp_path / "n.txt").write_text(f"{ONE}\n")

    outcome = client_command(
        "generate",
        service.url,
        *("--identifiers", "n.txt", "--output", "t.csv", "--organisation", str(organisation)),
        token=token,
    )

    assert outcome.code == 1
    assert f"invitations: the service refuses with {said}" in outcome.error
    assert "forged" not in outcome.error


def test_a_request_that_is_not_understood_stops_the_command(client: Client, tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(f"{ONE}\n")
    outcome_of_422 = {"issue": [{"code": "too-long", "diagnostics": "At most \x1b[1m 3."}]}
    asked: list[str] = []

    async def against_a_server() -> Outcome:
        async with running_key_server() as server:
            path = "/fhir/Organization/$generate-invitation-tokens"
            server.answers[path] = Answer(json.dumps(outcome_of_422).encode(), 422)
            process = client("generate", server.url, "--identifiers", "n.txt", "--output", "t.csv")
            outcome = await asyncio.to_thread(ended, process)
            asked.extend(server.requests)
            return outcome

    outcome = asyncio.run(against_a_server())

    assert (outcome.code, len(asked)) == (1, 1)
    assert "status 422: too-long: At most  [1m 3. (0 of 1 patients are done)" in outcome.error


@pytest.mark.parametrize("from_file", [True, False])
def test_the_client_gets_its_tokens_and_shows_no_secret(
    service: Service,
    issuer: Issuer,
    tmp_path: Path,
    from_file: bool,  # noqa: FBT001 - a case
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    token = issuer.access_token()

    async def with_a_token_server() -> Outcome:
        async with running_key_server() as server:
            server.answer("/token", {"access_token": token, "expires_in": 300})
            arguments = [*_asked(service), "--token-url", f"{server.url}/token", "--client-id", "mail-house"]
            arguments += ["--client-secret-file", "secret"] if from_file else []
            settings = {} if from_file else {"INVITATIONS_CLIENT_SECRET": SECRET}
            return await asyncio.to_thread(_piped, tmp_path, f"{ONE}\n", arguments, **settings)

    outcome = asyncio.run(with_a_token_server())

    written = b"".join(path.read_bytes() for path in tmp_path.glob("tokens.csv*")).decode()
    assert outcome.code == 0, outcome.error
    for secret in (SECRET, token):
        assert secret not in outcome.output + outcome.error + written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "give --token-url and --client-id, or set INVITATIONS_ACCESS_TOKEN", id="no-token"),
        pytest.param(
            ["--token-url", "https://x.test.invalid/", "--client-id", "a"],
            "set INVITATIONS_CLIENT_SECRET, or give --client-secret-file",
            id="no-secret",
        ),
        pytest.param(["--output", "t.xlsx"], "t.xlsx ends neither in .csv nor in .ndjson", id="ending"),
        pytest.param(
            [
                "--token-url",
                "https://x.test.invalid/",
                "--client-id",
                "a",
                "--client-secret-file",
                __file__[:-3],
            ],
            "--client-secret-file",
            id="no-secret-file",
        ),
        pytest.param(["--server", "ftp://x"], "not an http or https URL", id="server"),
        pytest.param(["--server", "https://me:pw@x.test"], "one with a password in it", id="password"),
    ],
)
def test_arguments_that_do_not_fit_are_reported(
    service: Service, bare_command: Callable[..., Outcome], arguments: list[str], said: str
) -> None:
    outcome = bare_command(*_asked(service), *arguments)

    assert (outcome.code, said in outcome.error) == (2, True)


@pytest.mark.parametrize(
    ("option", "others"),
    [
        pytest.param("--server", [], id="server"),
        pytest.param("--token-url", ["--client-id", "a"], id="token-url"),
    ],
)
def test_secrets_are_not_sent_by_http_to_another_machine(
    service: Service, bare_command: Callable[..., Outcome], option: str, others: list[str]
) -> None:
    outcome = bare_command(*_asked(service), option, "http://x.test.invalid/", *others)

    assert (outcome.code, outcome.output) == (2, "")
    assert f"{option} is not https, so secrets could be read on their way" in outcome.error


def test_an_operator_may_send_them_so_all_the_same(
    service: Service, bare_command: Callable[..., Outcome]
) -> None:
    arguments = ["--token-url", "http://x.test.invalid/", "--client-id", "a", "--insecure"]

    outcome = bare_command(*_asked(service), *arguments)

    assert "set INVITATIONS_CLIENT_SECRET, or give --client-secret-file" in outcome.error


def test_a_secret_cannot_be_an_argument(bare_command: Callable[..., Outcome], service: Service) -> None:
    outcome = bare_command(*_asked(service), "--client-secret", SECRET)

    assert outcome.code == 2
