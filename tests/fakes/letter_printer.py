"""A printer that stores its letters, and has the characters of Western Europe."""

from returns.result import Failure, Result, Success

from application.ports.mailing import LetterPrinter
from domain.mailing.letters import Letter, NoLetterReason


class KeptLetters(LetterPrinter):
    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def add(self, letter: Letter) -> Result[None, NoLetterReason]:
        if any(each > "\u024f" for line in (letter.name, *letter.address) for each in line):
            return Failure(NoLetterReason.CHARACTERS_MISSING)
        self.letters.append(letter)
        return Success(None)
