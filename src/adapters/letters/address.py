"""The address of a letter, which shows in the window of the envelope."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.platypus import Paragraph

from adapters.letters.page import ADDRESS_HEIGHT, ADDRESS_STYLES, ADDRESS_WIDTH, HEIGHT


def place_address(lines: Sequence[str]) -> Paragraph | None:
    """Set the lines in the largest size in which they fit into the window. None if they fit in none.

    A line that is too long continues in the next one.
    """
    text = "<br/>".join(map(escape, lines))
    for style in ADDRESS_STYLES:
        address = Paragraph(text, style)
        if address.wrap(ADDRESS_WIDTH, HEIGHT)[1] <= ADDRESS_HEIGHT and address.minWidth() <= ADDRESS_WIDTH:
            return address
    return None
