"""The layout of a page of A4, and its typefaces. Lengths are in points.

Folded in three, the page shows its address in the window of a DL envelope (110 x 220 mm). By BS 4264, the
window is 35 x 90 mm, 20 mm from the left and 18 mm from the bottom. It shows 46 to 81 mm from the top of the
page, and down to 92 mm if the page slides up.
"""

import unicodedata
from enum import Enum
from functools import cache
from importlib.resources import as_file, files

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont


class Typeface(Enum):
    """A typeface; the value is the name of its file."""

    TEXT = "NotoSans-Regular"
    HEADING = "NotoSans-Bold"
    SECRET = "AtkinsonHyperlegibleMono-Bold"  # noqa: S105 - the name of a file


def can_print(text: str, typeface: Typeface) -> bool:
    """Return whether a typeface has a glyph for every character of a text.

    Combining accents and control characters do not count: they need the layout rules of their script.
    """
    known = _font(typeface).face.charToGlyph
    return all(ord(each) in known and unicodedata.category(each)[0] not in "CM" for each in text)


def register_typefaces() -> None:
    """Register the typefaces with ReportLab."""
    for typeface in Typeface:
        _font(typeface)


@cache
def _font(typeface: Typeface) -> TTFont:
    with as_file(files(__package__) / "fonts" / f"{typeface.value}.ttf") as file:
        font = TTFont(typeface.value, str(file))
    registerFont(font)
    return font


def _style(typeface: Typeface, size: float, *, leading: float = 1.3, indent: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        typeface.value,
        fontName=typeface.value,
        fontSize=size,
        leading=size * leading,
        leftIndent=indent,
        bulletFontName=typeface.value,
        bulletFontSize=size,
        splitLongWords=0,
        spaceShrinkage=0,
        allowOrphans=1,
    )


@cache
def with_secret(style: ParagraphStyle) -> ParagraphStyle:
    """Give the style of a paragraph with a code or a token, whose lines are higher."""
    return ParagraphStyle(Typeface.SECRET.value, parent=style, autoLeading="max")


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

ADDRESS_STYLES = tuple(_style(Typeface.TEXT, size, leading=1.2) for size in (12, 11, 10))
TEXT = _style(Typeface.TEXT, 14)
ITEM = _style(Typeface.TEXT, 14, indent=INDENT)
HEADING = _style(Typeface.HEADING, 17)
SECRET_SIZE = 25
GAP = TEXT.fontSize * 0.6
