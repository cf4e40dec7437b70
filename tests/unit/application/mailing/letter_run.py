"""The use case that writes letters, over fakes."""

from collections.abc import Sequence

from returns.result import Failure, Success

from application.mailing.write_letters import ListedAddressee, ListedInvitation, Outcome, WriteLetters
from domain.identifiers import PatientIdentifier
from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine
from tests.builders import NOW, TODAY
from tests.fakes.clock import FixedClock
from tests.fakes.letter_printer import KeptLetters


class LetterRun:
    """A run of the use case. The first addressee stands in line 2."""

    def __init__(self) -> None:
        self.printer = KeptLetters()

    def write(
        self,
        invitations: Sequence[tuple[PatientIdentifier, IssuedInvitation] | BadLine],
        addressees: Sequence[Addressee | BadLine],
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
