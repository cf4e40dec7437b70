"""Who gets a letter, and the outcome of all other lines."""

from datetime import UTC, datetime, timedelta

from returns.result import Failure, Success

from application.mailing.write_letters import (
    ListedAddressee,
    ListedInvitation,
    NoLetter,
    NotInvited,
    Outcome,
    Printed,
    UnreadAddressee,
    UnreadInvitation,
    WithoutAddressee,
    WriteLetters,
)
from domain.identifiers import PatientIdentifier
from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee, NoLetterReason
from domain.mailing.work_list import BadLine, RepeatedLine
from tests.builders import CHI, EXPIRY, NOW, TODAY, an_identifier
from tests.fakes.clock import FixedClock
from tests.fakes.letter_printer import KeptLetters
from tests.letter_builders import a_letter, an_addressee, an_issued_invitation

ONE, TWO, THREE = map(an_identifier, (1, 2, 3))
CODES = ("1111111111", "2222222222", "3333333333")
NONE_LEFT = WithoutAddressee(0)


class Letters:
    """The use case over fakes."""

    def __init__(self) -> None:
        self.printer = KeptLetters()

    def write(
        self,
        invitations: list[tuple[PatientIdentifier, IssuedInvitation] | BadLine],
        addressees: list[Addressee | BadLine],
    ) -> list[Outcome]:
        use_case = WriteLetters(self.printer, FixedClock(NOW, TODAY))
        return [
            *use_case(
                [
                    Failure(each) if isinstance(each, BadLine) else Success(ListedInvitation(*each))
                    for each in invitations
                ],
                [
                    Failure(each) if isinstance(each, BadLine) else Success(ListedAddressee(line, each))
                    for line, each in enumerate(addressees, start=2)
                ],
            )
        ]

    @property
    def names(self) -> list[str]:
        return [letter.name for letter in self.printer.letters]


def test_each_addressee_who_is_invited_gets_a_letter_in_the_order_of_the_addressees() -> None:
    letters = Letters()
    invitations = [(each, an_issued_invitation(code)) for each, code in zip((ONE, TWO), CODES, strict=False)]

    outcomes = letters.write([*invitations], [an_addressee(TWO, name="Two"), an_addressee(ONE, name="One")])

    assert outcomes == [Printed(2), Printed(3), NONE_LEFT]
    assert letters.names == ["Two", "One"]


def test_the_letter_is_the_one_that_the_rules_compose() -> None:
    letters = Letters()

    letters.write([(ONE, an_issued_invitation())], [an_addressee(ONE)])

    assert letters.printer.letters == [a_letter()]


def test_the_day_of_expiry_is_that_in_the_united_kingdom() -> None:
    letters = Letters()
    summer = datetime(2027, 7, 9, 23, 30, tzinfo=UTC)

    letters.write([(ONE, an_issued_invitation(expires_at=summer))], [an_addressee(ONE)])

    assert letters.printer.letters[0].expiry == "10 July 2027"


def test_a_patient_without_an_invitation_gets_no_letter() -> None:
    letters = Letters()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(TWO), an_addressee(ONE)])

    assert outcomes == [NotInvited(2), Printed(3), NONE_LEFT]


def test_the_same_number_in_another_system_is_another_identifier() -> None:
    letters = Letters()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(an_identifier(1, CHI))])

    assert outcomes == [NotInvited(2), WithoutAddressee(1)]


def test_two_identifiers_of_a_patient_bring_one_letter() -> None:
    letters = Letters()
    invitation = an_issued_invitation()

    outcomes = letters.write(
        [(ONE, invitation), (TWO, invitation)], [an_addressee(ONE, TWO), an_addressee(TWO), an_addressee(ONE)]
    )

    assert outcomes == [Printed(2), RepeatedLine(3, 2), RepeatedLine(4, 2), NONE_LEFT]


def test_a_line_that_could_not_be_written_leaves_the_letter_to_a_later_one() -> None:
    letters = Letters()

    outcomes = letters.write(
        [(ONE, an_issued_invitation())], [an_addressee(ONE, address=()), an_addressee(ONE), an_addressee(ONE)]
    )

    assert outcomes == [NoLetter(2, NoLetterReason.NO_ADDRESS), Printed(3), RepeatedLine(4, 3), NONE_LEFT]


def test_the_invitation_that_lasts_longest_is_sent() -> None:
    letters = Letters()
    first, last, middle = (
        an_issued_invitation(code, expires_at=EXPIRY + timedelta(days))
        for code, days in zip(CODES, (0, 2, 1), strict=True)
    )

    outcomes = letters.write([(ONE, first), (ONE, last), (ONE, middle)], [an_addressee(ONE)])

    assert outcomes == [Printed(2), NONE_LEFT]
    assert letters.printer.letters[0].code == "22222 22222"


def test_of_the_invitations_of_two_identifiers_the_one_that_lasts_longest_is_sent_once() -> None:
    letters = Letters()
    later = an_issued_invitation(CODES[1], expires_at=EXPIRY + timedelta(1))

    outcomes = letters.write(
        [(ONE, an_issued_invitation(CODES[0])), (TWO, later)],
        [an_addressee(ONE, TWO), an_addressee(TWO), an_addressee(ONE)],
    )

    assert outcomes == [Printed(2), RepeatedLine(3, 2), RepeatedLine(4, 2), NONE_LEFT]
    assert letters.printer.letters[0].code == "22222 22222"


def test_a_line_that_names_a_letter_of_an_earlier_line_and_another_invitation_gets_no_letter() -> None:
    letters = Letters()
    invitations = [(each, an_issued_invitation(code)) for each, code in zip((ONE, TWO), CODES, strict=False)]

    outcomes = letters.write([*invitations], [an_addressee(ONE), an_addressee(ONE, TWO)])

    assert outcomes == [Printed(2), RepeatedLine(3, 2), NONE_LEFT]


def test_invitations_that_no_addressee_has_are_counted_once() -> None:
    letters = Letters()
    first, second, third = map(an_issued_invitation, CODES)

    outcomes = letters.write(
        [(ONE, first), (an_identifier(4), first), (TWO, second), (THREE, third)], [an_addressee(TWO)]
    )

    assert outcomes == [Printed(2), WithoutAddressee(2)]


def test_unreadable_lines_are_reported_and_stop_nothing() -> None:
    letters = Letters()
    bad = BadLine(2, "unreadable")

    outcomes = letters.write([bad, (TWO, an_issued_invitation())], [bad, an_addressee(TWO)])

    assert outcomes == [UnreadInvitation(bad), UnreadAddressee(bad), Printed(3), NONE_LEFT]


def test_a_letter_against_the_rules_is_reported() -> None:
    letters = Letters()

    outcomes = letters.write([(ONE, an_issued_invitation())], [an_addressee(ONE, address=())])

    assert outcomes == [NoLetter(2, NoLetterReason.NO_ADDRESS), NONE_LEFT]
    assert letters.names == []


def test_a_letter_that_cannot_be_printed_is_reported_and_all_others_are_printed() -> None:
    letters = Letters()
    invitations = [(each, an_issued_invitation(code)) for each, code in zip((ONE, TWO), CODES, strict=False)]

    outcomes = letters.write([*invitations], [an_addressee(ONE, name="李小明"), an_addressee(TWO)])

    assert outcomes == [NoLetter(2, NoLetterReason.CHARACTERS_MISSING), Printed(3), NONE_LEFT]
