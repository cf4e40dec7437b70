"""The lines that get a letter, and the outcome of all other lines."""

from datetime import UTC, datetime, timedelta

import pytest

from application.mailing.write_letters import (
    NoLetter,
    NotInvited,
    Printed,
    UnreadAddressee,
    UnreadInvitation,
    WithoutLetter,
)
from domain.mailing.letters import NoLetterReason
from domain.mailing.work_list import BadLine, RepeatedLine
from tests.builders import CHI, EXPIRY, an_identifier
from tests.letter_builders import a_letter, an_addressee, an_issued_invitation
from tests.unit.application.mailing.letter_run import LetterRun

ONE, TWO, THREE = map(an_identifier, (1, 2, 3))
CODES = ("1111111111", "2222222222", "3333333333")
ALL_SENT = WithoutLetter(0)


def test_each_addressee_who_is_invited_gets_a_letter_in_the_order_of_the_addressees() -> None:
    letters = LetterRun()
    invitations = [(each, an_issued_invitation(code)) for each, code in zip((ONE, TWO), CODES, strict=False)]

    outcomes = letters.write([*invitations], [an_addressee(TWO, name="Two"), an_addressee(ONE, name="One")])

    assert outcomes == [Printed(2), Printed(3), ALL_SENT]
    assert letters.names == ["Two", "One"]


def test_the_letter_is_the_one_that_the_rules_compose() -> None:
    letters = LetterRun()

    letters.write([(ONE, an_issued_invitation())], [an_addressee(ONE)])

    assert letters.printer.letters == [a_letter()]


def test_the_day_of_expiry_is_that_in_the_united_kingdom() -> None:
    letters = LetterRun()
    summer = datetime(2027, 7, 9, 23, 30, tzinfo=UTC)

    letters.write([(ONE, an_issued_invitation(expires_at=summer))], [an_addressee(ONE)])

    assert letters.printer.letters[0].expiry == "10 July 2027"


def test_a_line_without_an_invitation_gets_no_letter() -> None:
    letters = LetterRun()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(TWO), an_addressee(ONE)])

    assert outcomes == [NotInvited(2), Printed(3), ALL_SENT]


def test_the_same_number_in_another_system_is_another_identifier() -> None:
    letters = LetterRun()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(an_identifier(1, CHI))])

    assert outcomes == [NotInvited(2), WithoutLetter(1)]


def test_two_identifiers_of_a_patient_bring_one_letter() -> None:
    letters = LetterRun()
    invitation = an_issued_invitation()

    outcomes = letters.write(
        [(ONE, invitation), (TWO, invitation)], [an_addressee(ONE, TWO), an_addressee(TWO), an_addressee(ONE)]
    )

    assert outcomes == [Printed(2), RepeatedLine(3, 2), RepeatedLine(4, 2), ALL_SENT]


def test_a_line_that_could_not_be_written_leaves_the_letter_to_a_later_one() -> None:
    letters = LetterRun()

    outcomes = letters.write(
        [(ONE, an_issued_invitation())], [an_addressee(ONE, address=()), an_addressee(ONE), an_addressee(ONE)]
    )

    assert outcomes == [NoLetter(2, NoLetterReason.NO_ADDRESS), Printed(3), RepeatedLine(4, 3), ALL_SENT]


def test_the_invitation_that_expires_last_is_sent() -> None:
    letters = LetterRun()
    first, last, middle = (
        an_issued_invitation(code, expires_at=EXPIRY + timedelta(days))
        for code, days in zip(CODES, (0, 2, 1), strict=True)
    )

    outcomes = letters.write([(ONE, first), (ONE, last), (ONE, middle)], [an_addressee(ONE)])

    assert outcomes == [Printed(2), ALL_SENT]
    assert letters.printer.letters[0].code == "22222 22222"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_invitations_that_expire_together_the_order_of_the_tokens_chooses_none(
    order: tuple[int, ...],
) -> None:
    letters = LetterRun()
    invitations = [an_issued_invitation(code) for code in CODES]

    letters.write([(ONE, invitations[number]) for number in order], [an_addressee(ONE)])

    assert [letter.code for letter in letters.printer.letters] == ["33333 33333"]


def test_invitations_without_a_letter_are_counted_once() -> None:
    letters = LetterRun()
    first, second, third = map(an_issued_invitation, CODES)

    outcomes = letters.write(
        [(ONE, first), (an_identifier(4), first), (TWO, second), (THREE, third)], [an_addressee(TWO)]
    )

    assert outcomes == [Printed(2), WithoutLetter(2)]


def test_unreadable_lines_are_reported_and_all_others_are_printed() -> None:
    letters = LetterRun()
    bad = BadLine(2, "unreadable")

    outcomes = letters.write([bad, (TWO, an_issued_invitation())], [bad, an_addressee(TWO)])

    assert outcomes == [UnreadInvitation(bad), UnreadAddressee(bad), Printed(3), ALL_SENT]


def test_a_letter_without_an_address_is_reported() -> None:
    letters = LetterRun()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(ONE, address=())])

    assert outcomes == [NoLetter(2, NoLetterReason.NO_ADDRESS), WithoutLetter(1)]
    assert letters.names == []


def test_a_letter_with_other_characters_is_reported_and_all_others_are_printed() -> None:
    letters = LetterRun()
    invitations = [(each, an_issued_invitation(code)) for each, code in zip((ONE, TWO), CODES, strict=False)]

    outcomes = letters.write([*invitations], [an_addressee(ONE, name="李小明"), an_addressee(TWO)])

    assert outcomes == [NoLetter(2, NoLetterReason.CHARACTERS_MISSING), Printed(3), WithoutLetter(1)]
