"""Name and address, where the window of the envelope is."""

from collections.abc import Sequence

from adapters.letters.page import (
    ADDRESS_HEIGHT,
    ADDRESS_LEADING,
    ADDRESS_STYLES,
    ADDRESS_TOP,
    ADDRESS_WIDTH,
    LEFT,
    Placed,
    baseline,
)
from adapters.letters.typefaces import Style


def place_address(lines: Sequence[str]) -> Sequence[Placed] | None:
    """Place the lines, in the largest size in which they fit into the window; None if they fit in none.

    A line that is too long goes on in the next.
    """
    for style in ADDRESS_STYLES:
        height = style.size * ADDRESS_LEADING
        broken = [part for line in lines for part in _broken(line, style)]
        if height * len(broken) <= ADDRESS_HEIGHT and max(map(style.width, broken)) <= ADDRESS_WIDTH:
            return [
                Placed(LEFT, baseline(ADDRESS_TOP + number * height, height), line, style)
                for number, line in enumerate(broken)
            ]
    return None


def _broken(line: str, style: Style) -> Sequence[str]:
    parts = [""]
    for word in line.split(" "):
        longer = f"{parts[-1]} {word}".lstrip()
        if style.width(longer) <= ADDRESS_WIDTH:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts
