"""The demo shows an invitation, and leaves nothing behind."""

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import json

from tests.integration.commands.kept_demo import KeptDemo, answer_to, kept_demo
from tests.integration.commands.shell import Outcome, ended, started
from tests.integration.commands.shown_demo import INVITED, OMITTED, invited, omitted, shown_table

SECRET = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def outcomes(temporary: Path) -> tuple[Outcome, Outcome]:
    """Run two demos at the same time, one of them with wrong settings, and return their output."""
    settings = {"INVITATIONS_LOG_LEVEL": "loud", "INVITATIONS_DATABASE_URL": "nowhere"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        one, other = started(temporary.parent, "demo"), started(temporary.parent, "demo", settings=settings)
    return ended(one), ended(other)


@pytest.fixture(scope="module")
def table(outcomes: tuple[Outcome, Outcome]) -> dict[str, list[str]]:
    return shown_table(outcomes[0].output)


def test_two_demos_at_once_both_succeed(outcomes: tuple[Outcome, Outcome]) -> None:
    assert [(each.code, each.error) for each in outcomes] == [(0, "")] * 2


def test_eligible_patients_are_shown_with_code_and_token(table: dict[str, list[str]]) -> None:
    secrets = [text for number in invited(table) for text in table[number][2:4]]

    assert invited(table) == INVITED
    assert all(SECRET.fullmatch(text) for text in secrets)


def test_two_numbers_of_one_patient_are_shown_with_one_invitation(table: dict[str, list[str]]) -> None:
    assert table["1503651231"][2:4] == table["9990000026"][2:4]


def test_each_omitted_patient_is_shown_with_the_reason(table: dict[str, list[str]]) -> None:
    assert omitted(table) == OMITTED


def test_the_row_that_the_import_refused_is_shown_by_its_line_and_rule(
    outcomes: tuple[Outcome, Outcome],
) -> None:
    lines = [line for line in outcomes[0].output.splitlines() if "Hospital, line" in line]

    assert lines == [
        (
            "Other Hospital, line 3: another date of birth is known for this patient. "
            "If the file is right, run patients correct."
        )
    ]


def test_the_answer_is_shown_and_a_refusal(outcomes: tuple[Outcome, Outcome]) -> None:
    statuses = re.findall(r"^HTTP (.*)$", outcomes[0].output, re.MULTILINE)

    assert statuses[:2] == ["200 OK", "422 Unprocessable Entity"]


def test_a_patient_registers_by_the_link_of_the_letter(
    outcomes: tuple[Outcome, Outcome], table: dict[str, list[str]]
) -> None:
    code, token = table["9990000018"][2:4]
    shown = outcomes[0].output.partition("A patient opens the link")[2]

    assert re.search(rf"^http://127\.0\.0\.1:\d+/join\?t1={code}&t2={token}$", shown, re.MULTILINE)
    assert "The join page says: Thank you. Now create your account\n" in shown
    assert "The portal says: You are registered\n" in shown


def test_the_portal_s_call_is_shown_and_that_the_same_code_is_refused(
    outcomes: tuple[Outcome, Outcome],
) -> None:
    shown = outcomes[0].output.partition("How the portal confirmed")[2]

    calls = re.findall(r"^POST .*/fhir/(.*)$|^HTTP (.*)$", shown, re.MULTILINE)
    assert calls == [
        ("Patient/$confirm-registration", ""),
        ("", "200 OK"),
        ("Patient/$claim-invitation", ""),
        ("", "422 Unprocessable Entity"),
    ]
    assert '"value":"9990000018"' in shown
    assert '"code":"conflict"' in shown


def test_the_log_is_shown_and_names_no_patient(outcomes: tuple[Outcome, Outcome]) -> None:
    [line] = re.findall(r'^\{.*"issued".*$', outcomes[0].output, re.MULTILINE)

    assert json.decode(line)["issued"] == 4
    assert not [number for number in (*INVITED, *OMITTED) if number in line]


def test_the_access_token_is_not_shown(outcomes: tuple[Outcome, Outcome]) -> None:
    assert "Authorization: Bearer eyJ...\n" in outcomes[0].output
    assert outcomes[0].output.count("eyJ") == outcomes[0].output.count("Bearer eyJ...")


def test_nothing_is_left_behind(temporary: Path, outcomes: tuple[Outcome, Outcome]) -> None:
    assert [*temporary.iterdir()] == []


def test_the_sample_never_replaces_existing_files(
    bare_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "sample").mkdir()

    outcome = bare_command("demo", "--sample", "sample")

    assert outcome == Outcome(1, "", "invitations: sample already exists; choose another directory\n")
    assert [*(tmp_path / "sample").iterdir()] == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("stop", "at_a_terminal"),
    [
        pytest.param(KeptDemo.press_ctrl_c, True, id="ctrl-c"),
        pytest.param(
            lambda demo: demo.process.send_signal(signal.SIGINT), False, id="sigint-without-terminal"
        ),
        pytest.param(
            lambda demo: demo.process.send_signal(signal.SIGTERM), False, id="sigterm-without-terminal"
        ),
    ],
)
def test_a_running_demo_can_be_called_and_leaves_nothing_behind(
    tmp_path: Path, stop: Callable[[KeptDemo], None], *, at_a_terminal: bool
) -> None:
    with kept_demo(tmp_path, at_a_terminal=at_a_terminal) as demo:
        kept = demo.is_kept()
        answer = answer_to(demo.curl)

        stop(demo)

        assert kept
        names = [each["name"] for each in json.decode(answer)["parameter"]]
        assert names == ["patientTokens"] * (len(INVITED) - 1)  # one of them has registered
        assert demo.exit_code() in {0, 130, 143}
        assert not demo.has_left_processes()
        assert [*tmp_path.iterdir()] == []
