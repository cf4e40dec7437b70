"""The letters that letters are printed in."""

import unicodedata
from enum import Enum
from functools import cache
from importlib.resources import as_file, files

from msgspec import Struct
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont


class Typeface(Enum):
    """A typeface; the value is the name of its file."""

    TEXT = "NotoSans-Regular"
    HEADING = "NotoSans-Bold"
    SECRET = "AtkinsonHyperlegibleMono-Bold"  # noqa: S105 - the name of a file


class Style(Struct, frozen=True):
    """A typeface at a size, in points."""

    typeface: Typeface
    size: float

    def width(self, text: str) -> float:
        """Measure a text, in points."""
        return float(_font(self.typeface).stringWidth(text, self.size))


def can_print(text: str, typeface: Typeface) -> bool:
    """Tell whether a typeface has every character of a text, each of which stands for itself.

    An accent apart from its letter, or a mark that steers others, would be placed by rules of its script.
    """
    known = _font(typeface).face.charToGlyph
    return all(ord(each) in known and unicodedata.category(each)[0] not in "CM" for each in text)


def register_typefaces() -> None:
    """Make the typefaces known to the library that draws them."""
    for typeface in Typeface:
        _font(typeface)


@cache
def _font(typeface: Typeface) -> TTFont:
    with as_file(files(__package__) / "fonts" / f"{typeface.value}.ttf") as file:
        font = TTFont(typeface.value, str(file))
    registerFont(font)
    return font
