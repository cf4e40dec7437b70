"""QR codes, drawn as rectangles so that they are sharp at every size."""

from collections.abc import Iterator
from itertools import groupby

import segno
from reportlab.lib.units import mm
from segno.encoder import DataOverflowError

from adapters.letters.page import QR_SIDE

_QUIET_ZONE = 4
"""Modules, as ISO/IEC 18004 asks for."""
_SMALLEST_MODULE = 0.5 * mm


class QrCode:
    """The QR code of a text; error correction M restores 15 % of it. Lengths are in modules."""

    def __init__(self, text: str) -> None:
        """Encode a text. Raises ValueError when its modules would be too small for a phone to tell apart."""
        try:
            code = segno.make_qr(text, error="m")
        except DataOverflowError:
            raise ValueError("too long for a QR code") from None
        self._rows = code.matrix
        self.module = QR_SIDE / (len(self._rows) + 2 * _QUIET_ZONE)
        if self.module < _SMALLEST_MODULE:
            raise ValueError("too long for a QR code of this size")

    def dark_runs(self) -> Iterator[tuple[int, int, int]]:
        """Give the dark stretches of each row: distance from the left and from the top, and length."""
        for number, row in enumerate(self._rows, start=_QUIET_ZONE):
            column = _QUIET_ZONE
            for dark, modules in groupby(row):
                length = len([*modules])
                if dark:
                    yield column, number, length
                column += length
