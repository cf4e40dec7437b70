"""A reader of the README invites every eligible patient once, and prints their letters."""

import re
from collections import Counter

import pytest

from domain.eligibility import OmissionReason
from domain.identifiers import PatientIdentifier
from tests.integration.client.written import rows
from tests.integration.letters.pages import scanned, texts
from tests.integration.newcomer.walk import INVITE, Walked, walk


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walk(tmp_path_factory.mktemp("newcomer"))


def _listed(walked: Walked) -> list[str]:
    return [row[0] for row in rows(walked.sample / "patients.csv")]


def _tokens(walked: Walked) -> dict[str, list[str]]:
    return {row[1]: row for row in rows(walked.sample / "tokens.csv")}


def test_twenty_thousand_lines_are_sent_and_the_wrong_ones_are_reported(walked: Walked) -> None:
    lines = _listed(walked)

    assert len(lines) == 20_000
    assert walked.invite.code == 1
    assert walked.invite.error.splitlines()[:5] == [
        "line 19997: repeats line 2",
        "line 19998: repeats line 3",
        "line 19999: repeats line 4",
        "line 20000: nhs_number is not ten digits with a right check digit",
        "line 20001: nhs_number is not ten digits with a right check digit",
    ]


def test_a_client_that_was_killed_twice_has_one_line_for_each_eligible_patient(walked: Walked) -> None:
    asked = dict.fromkeys(_listed(walked))

    invited = [row[1] for row in rows(walked.sample / "tokens.csv")]
    assert invited == [number for number in asked if number in walked.eligible]
    assert len(invited) > 18_000


def test_each_other_patient_is_omitted_for_a_reason(walked: Walked) -> None:
    asked = dict.fromkeys(_listed(walked))
    others = [number for number in asked if number not in walked.eligible]

    omitted = rows(walked.sample / "tokens.csv.omitted.csv")
    system, mistyped = omitted[0][0], others[-2:]
    assert [row[1] for row in omitted] == others[:-2]
    assert {row[2] for row in omitted} == {reason.value for reason in OmissionReason}
    assert not [number for number in mistyped if PatientIdentifier.parse(system, number).value_or(None)]


def test_no_patient_was_invited_twice(walked: Walked) -> None:
    assert walked.invitations == Counter(_tokens(walked).keys())


def test_each_of_fifty_letters_has_the_name_and_the_invitation_of_its_patient(walked: Walked) -> None:
    tokens = _tokens(walked)
    invited = [row for row in rows(walked.sample / "first.csv") if row[0] in tokens]

    environment = (walked.sample / "environment").read_text()
    (join_url,) = re.findall(r"export JOIN_URL=(\S+)", environment)
    content = (walked.sample / "letters.pdf").read_bytes()
    pages = texts(content)
    assert (walked.letters.code, walked.letters.error, len(pages)) == (0, "", 50)
    for page, (text, (number, name, address, *_)) in enumerate(zip(pages, invited, strict=True)):
        code, token = tokens[number][2:4]
        assert scanned(content, page) == [f"{join_url}?t1={code}&t2={token}"]
        assert text.startswith(f"{name} {address} ")
        assert f"{code[:5]} {code[5:]}" in text
        assert f"{token[:5]} {token[5:]}" in text
        assert number not in text


def test_the_demo_prints_the_next_steps(walked: Walked) -> None:
    assert walked.demo.output.count(INVITE.partition("\n")[2]) == 1


def test_the_demo_leaves_nothing_behind_but_the_sample(walked: Walked) -> None:
    assert walked.left_behind == []
    assert {path.name for path in walked.sample.parent.iterdir()} == {"sample", "temporary"}
