"""The contract of `LetterPrinter`. The consumer supplies `printer` and `printed_names`, from its pages."""

from collections.abc import Callable, Sequence

from returns.result import Failure, Success

from application.ports.mailing import LetterPrinter
from domain.mailing.letters import NoLetterReason
from tests.letter_builders import a_letter


class LetterPrinterContract:
    def test_letters_come_in_the_order_in_which_they_are_added(
        self, printer: LetterPrinter, printed_names: Callable[[], Sequence[str]]
    ) -> None:
        added = [printer.add(a_letter(name=name)) for name in ("Zoë Adams", "Ann Brown", "Zoë Adams")]

        assert added == [Success(None)] * 3
        assert printed_names() == ["Zoë Adams", "Ann Brown", "Zoë Adams"]

    def test_a_letter_that_cannot_be_printed_leaves_no_page(
        self, printer: LetterPrinter, printed_names: Callable[[], Sequence[str]]
    ) -> None:
        in_the_name = printer.add(a_letter(name="李小明"))
        in_the_address = printer.add(a_letter(address=("مرحبا",)))
        printer.add(a_letter(name="Ann Brown"))

        assert [in_the_name, in_the_address] == [Failure(NoLetterReason.CHARACTERS_MISSING)] * 2
        assert printed_names() == ["Ann Brown"]
