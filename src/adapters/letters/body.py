"""The text of a letter, set below the address."""

from collections.abc import Sequence
from typing import assert_never

from adapters.letters.page import (
    BODY_TOP,
    BOTTOM,
    GAP,
    HEADING,
    INDENT,
    LEFT,
    QR_DISTANCE,
    QR_SIDE,
    RIGHT,
    TEXT,
    Placed,
    baseline,
    leading,
)
from adapters.letters.template import LineKind, TemplateLine
from adapters.letters.words import Piece, Word, runs, width, words
from domain.mailing.letters import Letter

_SHORTEST = Letter(
    name="",
    address=(),
    date="1 May 2027",
    code="00000 00000",
    token="00000 00000",  # noqa: S106 - takes as much room as any
    expiry="1 May 2027",
    website="",
    join_url="",
)


class PageFullError(Exception):
    """The text does not fit on its page."""


class Body:
    """Sets line below line; beside the QR code, lines are shorter."""

    def __init__(self) -> None:
        """Begin at the top."""
        self.placed: list[Placed] = []
        self.qr_top = 0.0
        self._y = BODY_TOP

    def set(self, template: Sequence[TemplateLine], letter: Letter) -> None:
        """Set a whole letter. Raises PageFullError."""
        for line in template:
            self._set_line(line, letter)
        if max(self._y, self._qr_bottom) > BOTTOM:
            raise PageFullError

    @property
    def _qr_bottom(self) -> float:
        return self.qr_top + QR_SIDE if self.qr_top else 0.0

    @property
    def _right(self) -> float:
        return RIGHT - QR_SIDE - QR_DISTANCE if self._y < self._qr_bottom else RIGHT

    def _set_line(self, line: TemplateLine, letter: Letter) -> None:
        match line.kind:
            case LineKind.GAP:
                self._y += GAP
            case LineKind.QR:
                self.qr_top = self._y
            case LineKind.HEADING:
                self._set_words(words(line.parts, letter, HEADING), LEFT)
            case LineKind.TEXT:
                self._set_words(words(line.parts, letter, TEXT), LEFT)
            case LineKind.ITEM:
                height = leading(TEXT)
                self.placed.append(Placed(LEFT, baseline(self._y, height), line.mark, TEXT))
                self._set_words(words(line.parts, letter, TEXT), LEFT + INDENT)
            case _:
                assert_never(line.kind)

    def _set_words(self, text: Sequence[Word], left: float) -> None:
        line: list[Word] = []
        taken = 0.0
        for word in text:
            needed = width(word)
            with_space = needed + (word[0].style.width(" ") if line else 0)
            if line and left + taken + with_space > self._right:
                self._put(line, left)
                line, taken, with_space = [], 0.0, needed
            if left + with_space > self._right:
                raise PageFullError
            line.append(word)
            taken += with_space
        if line:
            self._put(line, left)

    def _put(self, line: Sequence[Word], x: float) -> None:
        pieces = [*runs(line)]
        height = max(leading(piece.style) for piece in pieces)
        for piece in pieces:
            self.placed.append(_placed(x, self._y, height, piece))
            x += piece.style.width(piece.text)
        self._y += height


def _placed(x: float, top: float, height: float, piece: Piece) -> Placed:
    return Placed(x, baseline(top, height), piece.text, piece.style)


def fits_its_page(template: Sequence[TemplateLine]) -> bool:
    """Tell whether the words alone leave room for a patient's own."""
    try:
        Body().set(template, _SHORTEST)
    except PageFullError:
        return False
    return True
