"""The words of a line of the template, with a patient's own in them, and how they are broken into lines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, assert_never

from msgspec import Struct

from adapters.letters.page import SECRET, Style
from adapters.letters.template import Part, Placeholder
from domain.mailing.letters import Letter


class Piece(Struct, frozen=True):
    """A text in one style that is not broken."""

    text: str
    style: Style


Word: TypeAlias = Sequence[Piece]
"""Pieces without space between them."""


def words(parts: Iterable[Part], letter: Letter, style: Style) -> Sequence[Word]:
    """Fill in the placeholders; a name is broken like any text, what else they stand for is not."""
    found: list[list[Piece]] = []
    joined = False
    for part in parts:
        for chunk in _chunks(part, letter, style):
            if chunk is None:
                joined = False
            elif joined:
                found[-1].append(chunk)
            else:
                found.append([chunk])
                joined = True
    return found


def width(word: Word) -> float:
    """Measure a word."""
    return sum(piece.style.width(piece.text) for piece in word)


def runs(line: Sequence[Word]) -> Iterator[Piece]:
    """Join the words of a line with spaces, into as few pieces as it has styles."""
    text, style = "", line[0][0].style
    for number, word in enumerate(line):
        for first, piece in enumerate(word):
            space = " " if number and not first else ""
            if piece.style == style:
                text += space + piece.text
            else:
                yield Piece(text + space, style)
                text, style = piece.text, piece.style
    yield Piece(text, style)


def _chunks(part: Part, letter: Letter, style: Style) -> Iterator[Piece | None]:
    """Give the pieces of a part, and None for each space."""
    match part:
        case str():
            yield from _split(part, style)
        case Placeholder.NAME:
            yield from _split(letter.name, style)
        case Placeholder.DATE:
            yield Piece(letter.date, style)
        case Placeholder.EXPIRY:
            yield Piece(letter.expiry, style)
        case Placeholder.WEBSITE:
            yield Piece(letter.website, style)
        case Placeholder.CODE:
            yield Piece(letter.code, SECRET)
        case Placeholder.TOKEN:
            yield Piece(letter.token, SECRET)
        case Placeholder.QR:
            return  # has a line of its own
        case _:
            assert_never(part)


def _split(text: str, style: Style) -> Iterator[Piece | None]:
    for number, chunk in enumerate(text.split(" ")):
        if number:
            yield None
        if chunk:
            yield Piece(chunk, style)
