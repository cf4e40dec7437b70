"""The commands that correct, hold, release, unlink, forget and show patients, as an operator runs them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec import json
from sqlalchemy import update

from adapters.sql.tables import command_event
from tests.builders import HOSPITAL
from tests.integration.commands.shell import Outcome
from tests.integration.fhir.audit_event_judge import details_of, judge_audit_event
from tests.integration.sql.rows import rows

FOR_HOSPITAL = ("--organisation", str(HOSPITAL))
FOR_ALL = ("--all-organisations",)
BY = ("--operator", "Ann Smith")
WHY = ("--reason", "the number is another person's")
NUMBER = ("nhs_number", "999 000 0018")
LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)
KNOWN = "nhs_number,date_of_birth,deceased\n9990000018,1980-04-01,\n9990000026,1970-01-01,true\n"


@pytest.fixture
def patients(tmp_path: Path, command: Callable[..., Outcome]) -> Path:
    """Import two patients, and give their file."""
    file = tmp_path / "patients.csv"
    file.write_text(KNOWN)
    imported = command("patients", "import", str(file), *FOR_HOSPITAL)
    assert imported == Outcome(0, "Imported 2 of 2 rows; 0 said nothing new.\n", "")
    return file


@pytest.fixture
def shown(command: Callable[..., Outcome]) -> Callable[[], dict[str, str]]:
    """Make a function that shows the first patient, each line under its name."""

    def show() -> dict[str, str]:
        ended = command("patients", "show", *NUMBER)
        assert (ended.code, ended.error) == (0, "")
        return dict(line.split(": ", 1) for line in ended.output.splitlines()[1:])

    return show


def test_a_correction_replaces_what_is_known_and_is_shown_with_its_source(
    command: Callable[..., Outcome],
    patients: Path,
    shown: Callable[[], dict[str, str]],
    tmp_path: Path,
) -> None:
    file = tmp_path / "right.csv"
    file.write_text("nhs_number,date_of_birth,deceased\n9990000018,1981-04-01,\n9990000026,,false\n")

    corrected = command("patients", "correct", str(file), *FOR_HOSPITAL, *WHY)
    again = command("patients", "correct", str(file), *FOR_HOSPITAL, *WHY)

    assert corrected == Outcome(0, "Corrected 2 of 2 rows; 0 said nothing new.\n", "")
    assert again == Outcome(0, "Corrected 0 of 2 rows; 2 said nothing new.\n", "")
    born, source = shown()["date_of_birth"].split(" ", 1)
    assert born == "1981-04-01"
    assert source.endswith(f"patients-correct for organisation {HOSPITAL})")


def test_a_patient_is_held_and_released(
    command: Callable[..., Outcome], patients: Path, shown: Callable[[], dict[str, str]]
) -> None:
    safeguarding = ("--reason", "safeguarding")

    held = command("patients", "hold", str(patients), *FOR_ALL, *safeguarding, "--until", "2999-12-31")
    while_held = shown()
    released = command("patients", "release", str(patients), *FOR_ALL, *safeguarding)

    assert held == Outcome(0, "Put 2 patients on hold; 0 were on this hold already.\n", "")
    assert while_held["hold"].endswith("until 2999-12-31, for all organisations")
    assert released == Outcome(0, "Released 2 patients; 0 were not on this hold.\n", "")
    assert "hold" not in shown()


def test_care_ends(
    command: Callable[..., Outcome], patients: Path, shown: Callable[[], dict[str, str]]
) -> None:
    assert shown()["care relationship"] == f"organisation {HOSPITAL}"

    ended = command("patients", "end-care", str(patients), *FOR_HOSPITAL)

    assert ended == Outcome(0, "Ended the care of 2 patients; 0 had no care relationship.\n", "")
    assert "care relationship" not in shown()


def test_a_number_is_taken_off_its_patient_once(command: Callable[..., Outcome], patients: Path) -> None:
    unlinked = command("patients", "unlink", *NUMBER, *WHY)
    again = command("patients", "unlink", *NUMBER, *WHY)

    assert (unlinked.code, unlinked.output.startswith("Took the number off patient ")) == (0, True)
    assert again == Outcome(0, "No patient has this number. Nothing was changed.\n", "")
    assert command("patients", "show", *NUMBER) == Outcome(1, "", "invitations: no patient has this number\n")


def test_forgotten_patients_are_known_no_longer(command: Callable[..., Outcome], patients: Path) -> None:
    forgotten = command("patients", "forget", str(patients), *WHY)
    again = command("patients", "forget", str(patients), *WHY)

    assert forgotten == Outcome(0, "Erased 2 patients; 0 rows name no known patient.\n", "")
    assert (again.code, again.output) == (0, "Erased 0 patients; 2 rows name no known patient.\n")


def test_a_row_that_cannot_be_carried_out_is_reported_and_the_others_are_carried_out(
    command: Callable[..., Outcome], patients: Path, tmp_path: Path
) -> None:
    file = tmp_path / "some.csv"
    file.write_text("nhs_number,date_of_birth\n9990000018,31/12/1980\n9990000034,\nnobody,\n")

    held = command("patients", "hold", str(file), *FOR_HOSPITAL, "--reason", "declined")

    assert held.code == 1
    assert held.output == "Put 1 patient on hold; 0 were on this hold already.\n"
    assert held.error.splitlines() == [
        "line 3: no patient has this number. Check the number, or import the patient.",
        "line 4: nhs_number is not ten digits with a right check digit",
        "invitations: 2 rows were not put on hold",
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param((), "give either --organisation UUID or --all-organisations", id="for-nobody"),
        pytest.param(
            (*FOR_HOSPITAL, *FOR_ALL), "give either --organisation UUID or --all-organisations", id="for-both"
        ),
        pytest.param(
            (*FOR_ALL, "--until", "2020-01-01"),
            "Invalid value for --until: the day is in the past",
            id="over",
        ),
    ],
)
def test_a_hold_that_means_nothing_is_refused(
    command: Callable[..., Outcome], patients: Path, options: tuple[str, ...], problem: str
) -> None:
    held = command("patients", "hold", str(patients), "--reason", "declined", *options)

    assert held == Outcome(2, "", f"invitations: {problem}\n")


def test_a_command_leaves_two_audit_events_with_operator_digest_and_counts(
    command: Callable[..., Outcome], patients: Path, ready_url: str
) -> None:
    command("patients", "hold", str(patients), *FOR_HOSPITAL, "--reason", "declined", *BY)
    # the events of the last minute are not exported
    asyncio.run(rows(ready_url, update(command_event).values(recorded_at=LONG_AGO)))

    exported = command("audit", "export", "--since", "2020-01-01", "--until", "2020-01-03")

    events = [judge_audit_event(line.encode()) for line in exported.output.splitlines()]
    of_hold = [each for each in events if each["subtype"][0]["code"] == "patients-hold"]
    assert [each["outcomeDesc"] for each in of_hold] == ["begun", "carried-out"]
    job, *held = of_hold[1]["entity"]
    said = details_of(job)
    assert of_hold[1]["agent"][0]["userId"]["value"] == "Ann Smith"
    assert said["file-sha256"] == sha256(patients.read_bytes()).hexdigest()
    assert (said["reason"], said["changed"], said["unchanged"]) == ("declined", "2", "0")
    assert len(held) == 2
    assert "999000" not in json.encode(of_hold).decode()
