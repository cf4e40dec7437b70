"""The port to the printing of letters."""

from typing import Protocol

from returns.result import Result

from domain.letter import Letter, WhyNoLetter


class LetterPrinter(Protocol):
    """Prints letters, a page each, in the order in which they come."""

    def add(self, letter: Letter) -> Result[None, WhyNoLetter]:
        """Print a letter whole, or tell why it cannot be; then nothing of it is printed."""
        ...
