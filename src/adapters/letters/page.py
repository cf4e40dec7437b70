"""Where things stand on a page of A4, and the typefaces that they are set in. Lengths are in points.

Folded in three, the page shows its address in the window of a DL envelope (110 x 220 mm), as BS 4264 has it:
35 x 90 mm, 20 mm from the left and 18 mm from the bottom. Through it shows what stands 46 to 81 mm from the
top of the page, and down to 92 mm when the page slides up.
"""

import unicodedata
from enum import Enum
from functools import cache
from importlib.resources import as_file, files

from msgspec import Struct
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
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


WIDTH, HEIGHT = A4
LEFT = 25 * mm
RIGHT = WIDTH - 25 * mm
BOTTOM = HEIGHT - 17 * mm

ADDRESS_TOP = 50 * mm
ADDRESS_WIDTH = 80 * mm
ADDRESS_HEIGHT = 31 * mm
BODY_TOP = 95 * mm

QR_SIDE = 46 * mm
QR_DISTANCE = 6 * mm
INDENT = 8 * mm

TEXT = Style(Typeface.TEXT, 14)
HEADING = Style(Typeface.HEADING, 17)
SECRET = Style(Typeface.SECRET, 25)
ADDRESS_STYLES = tuple(Style(Typeface.TEXT, size) for size in (12, 11, 10))
ADDRESS_LEADING = 1.2

_LEADING = 1.3
_BASELINE = 0.78
GAP = TEXT.size * 0.6


class Placed(Struct, frozen=True):
    """A text, and where its baseline begins."""

    x: float
    y: float
    text: str
    style: Style


def leading(style: Style) -> float:
    """Give the height of a line."""
    return style.size * _LEADING


def baseline(top: float, height: float) -> float:
    """Say where a line of this height has its baseline."""
    return top + height * _BASELINE
