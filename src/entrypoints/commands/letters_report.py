"""What the command `letters` tells of each line, and of all of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

from rich.console import Console

from application.write_letters import (
    NoLetter,
    NotInvited,
    Outcome,
    Printed,
    UnreadAddressee,
    UnreadInvitation,
    WithoutAddressee,
)
from domain.letter import WhyNoLetter
from domain.work_list import RepeatedLine

_WHY: Mapping[WhyNoLetter, str] = {
    WhyNoLetter.NO_NAME: "there is no name",
    WhyNoLetter.NO_ADDRESS: "there is no address",
    WhyNoLetter.EXPIRED: "the invitation has expired, or expires today",
    WhyNoLetter.NUMBER_SHOWN: "the letter would show the patient's number",
    WhyNoLetter.CHARACTERS_MISSING: "name or address has characters that cannot be printed",
    WhyNoLetter.ADDRESS_TOO_LARGE: "name and address do not fit into the window of the envelope",
    WhyNoLetter.PAGE_TOO_SMALL: "the letter does not fit on its page",
    WhyNoLetter.JOIN_URL_TOO_LONG: "the join URL is too long for a QR code",
}


class LettersReport:
    """Prints a line for whatever somebody has to look at, and counts. It repeats nothing of a patient's."""

    def __init__(self, console: Console, tokens: str, patients: str) -> None:
        """Tell of lines of the two files with these names."""
        self.console = console
        self._tokens = tokens
        self._patients = patients
        self.printed = 0
        self.failed = 0
        self._not_invited = 0
        self._without_addressee = 0

    def __call__(self, outcome: Outcome) -> None:
        """Take note of an outcome."""
        match outcome:
            case Printed():
                self.printed += 1
            case NotInvited():
                self._not_invited += 1
            case RepeatedLine(line, first_line):
                self._tell(self._patients, line, f"has its letter by line {first_line}")
            case NoLetter(line, why):
                self._fail(self._patients, line, _WHY[why])
            case UnreadAddressee(bad):
                self._fail(self._patients, bad.line, bad.problem)
            case UnreadInvitation(bad):
                self._fail(self._tokens, bad.line, bad.problem)
            case WithoutAddressee(invitations):
                self._without_addressee = invitations
            case _:
                assert_never(outcome)

    def summary(self, output: Path) -> str:
        """Tell of all lines together."""
        letters = (
            f"{self.printed:,} letters are in {output}" if self.printed else "There is no letter to print"
        )
        return (
            f"{letters}. {self._not_invited:,} patients are not invited; "
            f"{self._without_addressee:,} invitations are for nobody in {self._patients}."
        )

    def _fail(self, file: str, line: int, problem: str) -> None:
        self.failed += 1
        self._tell(file, line, problem)

    def _tell(self, file: str, line: int, problem: str) -> None:
        self.console.print(f"{file} line {line}: {problem}", markup=False, highlight=False)
