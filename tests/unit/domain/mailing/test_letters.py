from datetime import date, timedelta

import pytest
from returns.result import Failure, Result, Success

from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee, Letter, NoLetterReason, compose_letter, in_groups, in_words
from tests.builders import CHI, TODAY, an_identifier, an_nhs_number
from tests.letter_builders import CODE, TOKEN, a_letter, an_addressee, an_issued_invitation

EXPIRES_ON = date(2027, 1, 1)
NUMBER = an_nhs_number()


def _composed(
    addressee: Addressee, invitation: IssuedInvitation | None = None, *, expires_on: date = EXPIRES_ON
) -> Result[Letter, NoLetterReason]:
    return compose_letter(addressee, invitation or an_issued_invitation(), today=TODAY, expires_on=expires_on)


def test_a_letter_holds_the_name_the_expiry_and_the_secrets() -> None:
    assert _composed(an_addressee()) == Success(a_letter())


def test_codes_and_tokens_are_read_in_two_groups_of_five() -> None:
    assert in_groups("7Q2M9KXR4D") == "7Q2M9 KXR4D"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 1), "1 January 2027"),
        (date(2027, 2, 28), "28 February 2027"),
        (date(2027, 3, 9), "9 March 2027"),
        (date(2027, 4, 10), "10 April 2027"),
        (date(2027, 5, 11), "11 May 2027"),
        (date(2027, 6, 12), "12 June 2027"),
        (date(2027, 7, 13), "13 July 2027"),
        (date(2027, 8, 14), "14 August 2027"),
        (date(2027, 9, 15), "15 September 2027"),
        (date(2027, 10, 16), "16 October 2027"),
        (date(2027, 11, 17), "17 November 2027"),
        (date(2027, 12, 31), "31 December 2027"),
    ],
)
def test_a_date_is_written_in_words(day: date, words: str) -> None:
    assert in_words(day) == words


def test_an_addressee_without_a_name_gets_no_letter() -> None:
    assert _composed(an_addressee(name="")) == Failure(NoLetterReason.NO_NAME)


def test_an_addressee_without_an_address_gets_no_letter() -> None:
    assert _composed(an_addressee(address=())) == Failure(NoLetterReason.NO_ADDRESS)


@pytest.mark.parametrize("days", [0, -1])
def test_an_invitation_that_ends_before_its_letter_arrives_is_not_sent(days: int) -> None:
    composed = _composed(an_addressee(), expires_on=TODAY + timedelta(days))

    assert composed == Failure(NoLetterReason.EXPIRED)


def test_an_invitation_that_ends_tomorrow_is_sent() -> None:
    assert isinstance(_composed(an_addressee(), expires_on=TODAY + timedelta(1)), Success)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NUMBER, id="as-it-is"),
        pytest.param(f"NHS {NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}", id="with-spaces"),
        pytest.param(f"{NUMBER[:3]}-{NUMBER[3:6]}/{NUMBER[6:]}.", id="with-other-signs"),
    ],
)
def test_a_letter_that_would_show_the_patients_number_is_not_sent(text: str) -> None:
    carried = an_issued_invitation(join_url=f"http://joinpkb.com/?t1={CODE}&t2={TOKEN}&n={NUMBER}")

    composed = [
        _composed(an_addressee(name=text)),
        _composed(an_addressee(address=("3 High Street", text))),
        _composed(an_addressee(an_identifier(2), an_identifier(1, CHI), name=text)),
        _composed(an_addressee(), carried),
    ]

    assert composed == [Failure(NoLetterReason.NUMBER_SHOWN)] * 4


def test_neither_addressee_nor_letter_shows_anything_in_a_repr() -> None:
    assert repr([an_addressee(), a_letter()]) == "[Addressee(<hidden>), Letter(<hidden>)]"


@pytest.mark.parametrize(
    "text", ["#N/A", "#REF!", "Mrs #N/A", "#NAME?,", "########", "NULL", "null null", "(null)"]
)
def test_a_name_or_an_address_that_is_a_placeholder_gets_no_letter(text: str) -> None:
    composed = [
        _composed(an_addressee(name=text)),
        _composed(an_addressee(address=("3 High Street", text))),
    ]

    assert composed == [Failure(NoLetterReason.NOT_FILLED_IN)] * 2


@pytest.mark.parametrize("name", ["Ann Null", "Flat #3", "N/A House", "Nan Nullman"])
def test_a_name_that_only_looks_like_a_placeholder_gets_a_letter(name: str) -> None:
    assert _composed(an_addressee(name=name)).unwrap().name == name
