"""Where things stand on a page of A4. All lengths are in points, down from the top and right from the left.

Folded in three, the page shows its address in the window of a DL envelope (110 x 220 mm), as BS 4264 has it:
35 x 90 mm, 20 mm from the left and 18 mm from the bottom. Through it shows what stands 46 to 81 mm from the
top of the page, and down to 92 mm when the page slides up.
"""

from msgspec import Struct
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from adapters.letters.typefaces import Style, Typeface

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
