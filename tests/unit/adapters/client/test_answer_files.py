"""The output of `generate` can be read."""

from collections.abc import Sequence
from typing import get_args

import pytest
from returns.result import Failure, Success

from adapters.client.answer_files import AnswerLines, OutputForm, read_invitations, token_columns
from adapters.csv.rows import UnknownHeaderError
from application.mailing.write_letters import ListedInvitation
from domain.invitations import InvitationToken
from domain.mailing.work_list import BadLine
from tests.builders import CHI, EXPIRY, NHS, an_identifier, an_nhs_number
from tests.letter_builders import CODE, TOKEN, a_join_url, an_issued_invitation

HEADER = "system,value,code,token,expiry,join_url"
START = f"{NHS.value},{an_nhs_number()},{CODE},{TOKEN}"
EXPIRES = "2027-01-01T09:29:23.356+00:00"


@pytest.mark.parametrize("form", get_args(OutputForm))
def test_a_written_line_is_read(form: OutputForm) -> None:
    answers = AnswerLines(token_columns("http://joinpkb.com/"), form)
    token = InvitationToken(CODE, TOKEN, EXPIRY)
    identifiers = [an_identifier(1), an_identifier(2, CHI)]

    written = (answers.header + answers.lines(dict.fromkeys(identifiers, token))).decode()

    assert [*read_invitations(written.splitlines(keepends=True), form)] == [
        Success(ListedInvitation(each, an_issued_invitation())) for each in identifiers
    ]


def test_columns_may_stand_in_another_order() -> None:
    lines = [
        "\ufeffJoin_URL,expiry,token,code,value,system",
        f"{a_join_url()},2027-01-01T09:29:23.356Z,{TOKEN},{CODE},{an_nhs_number()},{NHS.value}",
    ]

    assert [*read_invitations(lines, "csv")] == [
        Success(ListedInvitation(an_identifier(), an_issued_invitation()))
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(
            f"{START},soon,{a_join_url()}", "the expiry is not a date and time", id="expiry-in-words"
        ),
        pytest.param(
            f"{START},2027-01-01T00:00:00,{a_join_url()}", "the expiry names no time zone", id="no-zone"
        ),
        pytest.param(
            f"{START},{EXPIRES},http://joinpkb.com/",
            "the join URL does not carry the code and the token",
            id="another-url",
        ),
        pytest.param(
            f"urn:x,{an_nhs_number()},{CODE},{TOKEN},{EXPIRES},{a_join_url()}",
            "the system is not that of NHS, CHI or Health & Care numbers",
            id="system",
        ),
        pytest.param(START[:30], "the line has 1 of 6 fields", id="cut-short"),
    ],
)
def test_a_bad_line_of_csv_is_reported_by_number(line: str, problem: str) -> None:
    assert [*read_invitations([HEADER, line], "csv")] == [Failure(BadLine(2, problem))]


@pytest.mark.parametrize("line", ["{", "[]", '{"system":"a"}', '{"code":\udcff}', '{"expiry":1}'])
def test_a_bad_line_of_ndjson_is_reported_by_number(line: str) -> None:
    problem = "the line is not JSON with system, value, code, token, expiry, join_url"

    assert [*read_invitations(["\n", line], "ndjson")] == [Failure(BadLine(2, problem))]


@pytest.mark.parametrize("lines", [[], ["system,value,reason"], [f"{HEADER},date_of_birth"]])
def test_a_file_of_another_kind_is_refused(lines: Sequence[str]) -> None:
    with pytest.raises(UnknownHeaderError):
        read_invitations(lines, "csv")
