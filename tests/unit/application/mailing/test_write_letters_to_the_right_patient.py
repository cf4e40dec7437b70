"""A letter never has the code of another patient."""

from datetime import timedelta

import pytest

from application.mailing.write_letters import (
    Contradiction,
    NoLetter,
    NotInvited,
    Printed,
    WithoutLetter,
)
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationToken, IssuedInvitation
from domain.mailing.letters import Addressee, NoLetterReason
from domain.mailing.work_list import RepeatedLine
from tests.builders import CHI, EXPIRY, NOW, an_identifier
from tests.letter_builders import a_join_url, an_addressee, an_issued_invitation
from tests.unit.application.mailing.letter_run import LetterRun

ONE, TWO = map(an_identifier, (1, 2))
CHI_TWO = an_identifier(2, CHI)
CODES = ("1111111111", "2222222222")
FIRST, SECOND = map(an_issued_invitation, CODES)
ANN = an_addressee(ONE, name="Ann Brown", address=("1 High Street",))
SEVERAL = NoLetterReason.SEVERAL_INVITATIONS


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(SECOND, id="same-expiry"),
        pytest.param(an_issued_invitation(CODES[1], expires_at=EXPIRY + timedelta(1)), id="newer"),
        pytest.param(an_issued_invitation(CODES[1], expires_at=EXPIRY - timedelta(1)), id="older"),
        pytest.param(an_issued_invitation(CODES[1], expires_at=NOW - timedelta(9)), id="expired"),
        pytest.param(
            IssuedInvitation(InvitationToken(CODES[0], CODES[1], EXPIRY), a_join_url(*CODES)),
            id="same-code-another-token",
        ),
    ],
)
@pytest.mark.parametrize("identifiers", [(ONE, CHI_TWO), (CHI_TWO, ONE)], ids=["first-last", "last-first"])
def test_a_line_with_the_numbers_of_two_invitations_gets_no_letter(
    second: IssuedInvitation, identifiers: tuple[PatientIdentifier, ...]
) -> None:
    run = LetterRun()

    outcomes = run.write([(ONE, FIRST), (CHI_TWO, second)], [an_addressee(*identifiers)])

    invitations = len({each.invitation_token.code for each in (FIRST, second)})
    assert outcomes == [NoLetter(2, SEVERAL), WithoutLetter(invitations)]
    assert run.names == []


def test_it_takes_no_letter_from_a_line_with_the_same_name_and_address() -> None:
    run = LetterRun()

    outcomes = run.write(
        [(ONE, FIRST), (TWO, SECOND)], [an_addressee(ONE, TWO), an_addressee(ONE), an_addressee(TWO)]
    )

    assert outcomes == [NoLetter(2, SEVERAL), Printed(3), Printed(4), WithoutLetter(0)]
    assert [letter.code for letter in run.printer.letters] == ["11111 11111", "22222 22222"]


def test_it_is_not_the_letter_of_an_earlier_line() -> None:
    run = LetterRun()

    outcomes = run.write([(ONE, FIRST), (TWO, SECOND)], [an_addressee(ONE), an_addressee(ONE, TWO)])

    assert outcomes == [Printed(2), NoLetter(3, SEVERAL), WithoutLetter(1)]


def test_a_number_without_an_invitation_changes_nothing() -> None:
    run = LetterRun()

    outcomes = run.write([(ONE, FIRST)], [an_addressee(ONE, CHI_TWO)])

    assert outcomes == [Printed(2), WithoutLetter(0)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(an_addressee(ONE, name="Bob Brown", address=ANN.address), id="another-name"),
        pytest.param(an_addressee(ONE, name=ANN.name, address=("2 High Street",)), id="another-address"),
        pytest.param(an_addressee(CHI_TWO, name="Bob Brown", address=("",)), id="by-another-number"),
        pytest.param(an_addressee(ONE, TWO, name="Bob Brown"), id="with-a-second-invitation"),
    ],
)
def test_lines_that_name_one_invitation_for_two_people_get_no_letter(other: Addressee) -> None:
    invitations = [(ONE, FIRST), (CHI_TWO, FIRST), (TWO, SECOND)]
    run, turned = LetterRun(), LetterRun()

    outcomes = run.write(invitations, [ANN, other])
    turned_outcomes = turned.write(invitations, [other, ANN])

    assert outcomes[0] == Contradiction(2, 3)
    assert turned_outcomes[1] == Contradiction(3, 2)
    assert (outcomes[-1], turned_outcomes[-1]) == (WithoutLetter(2), WithoutLetter(2))
    assert run.names == turned.names == []


def test_each_of_many_lines_that_contradict_each_other_names_another_one() -> None:
    bob = an_addressee(ONE, name="Bob Brown", address=ANN.address)
    run = LetterRun()

    outcomes = run.write([(ONE, FIRST)], [ANN, ANN, bob, an_addressee(TWO), ANN])

    assert outcomes == [
        *(Contradiction(2, 4), Contradiction(3, 4), Contradiction(4, 2)),
        *(NotInvited(5), Contradiction(6, 4), WithoutLetter(1)),
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(an_addressee(ONE, name="ANN  BROWN", address=("1, High Street.",)), id="other-spelling"),
        pytest.param(an_addressee(ONE, name="Ann Brown", address=("1 High", "Street")), id="other-lines"),
    ],
)
def test_lines_that_differ_in_spaces_case_and_punctuation_are_one_letter(other: Addressee) -> None:
    run = LetterRun()

    outcomes = run.write([(ONE, FIRST)], [ANN, other])

    assert outcomes == [Printed(2), RepeatedLine(3, 2), WithoutLetter(0)]
