"""Letters in one PDF, with address and QR code."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno
from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from returns.result import Failure, Result, Success
from segno.encoder import DataOverflowError

from adapters.letters.address import place_address
from adapters.letters.body import Body, PageFullError
from adapters.letters.page import (
    ADDRESS_TOP,
    HEIGHT,
    LEFT,
    QR_SIDE,
    RIGHT,
    WIDTH,
    Typeface,
    can_print,
    register_typefaces,
)
from adapters.letters.template import TemplateLine
from application.ports.mailing import LetterPrinter
from domain.mailing.letters import Letter, NoLetterReason

_QUIET_ZONE = 4
"""In modules, as ISO/IEC 18004 requires."""
_SMALLEST_MODULE = 0.5 * mm


class QrCode:
    """The QR code of a text; error correction M restores 15 % of it. Lengths are in modules."""

    def __init__(self, text: str) -> None:
        """Encode a text. Raises ValueError if its modules would be too small for the camera of a phone."""
        try:
            code = segno.make_qr(text, error="m")
        except DataOverflowError:
            raise ValueError("too long for a QR code") from None
        self._rows = code.matrix
        self.module = QR_SIDE / (len(self._rows) + 2 * _QUIET_ZONE)
        if self.module < _SMALLEST_MODULE:
            raise ValueError("too long for a QR code of this size")

    def dark_runs(self) -> Iterator[tuple[int, int, int]]:
        """Give the dark runs of each row: distance from the left, distance from the top, length."""
        for number, row in enumerate(self._rows, start=_QUIET_ZONE):
            column = _QUIET_ZONE
            for dark, modules in groupby(row):
                length = len([*modules])
                if dark:
                    yield column, number, length
                column += length


class PdfLetters(LetterPrinter):
    """Draws each letter on a page of A4. Each takes about 15 KB of memory until the file is complete."""

    def __init__(self, template: Sequence[TemplateLine]) -> None:
        """Print letters with this template."""
        register_typefaces()
        rl_config.useA85 = 0  # compressed pages need no encoding as text
        self._template = template
        self._canvas = Canvas(
            "",
            pagesize=(WIDTH, HEIGHT),
            pageCompression=1,
            lang="en-GB",
            # without it, each page names Helvetica, which is not embedded, and which printers then replace
            initialFontName=Typeface.TEXT.value,  # type: ignore[arg-type]  # takes a name
        )
        self._canvas.setTitle("Letters of invitation")
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("invitations letters")

    def add(self, letter: Letter) -> Result[None, NoLetterReason]:
        """Draw a letter on a page of its own."""
        lines = (letter.name, *letter.address)
        if not all(can_print(text, Typeface.TEXT) for text in lines):
            return Failure(NoLetterReason.CHARACTERS_MISSING)
        address = place_address(lines)
        if address is None:
            return Failure(NoLetterReason.ADDRESS_TOO_LARGE)
        body = Body()
        try:
            body.set(self._template, letter)
        except PageFullError:
            return Failure(NoLetterReason.PAGE_TOO_SMALL)
        try:
            qr_code = QrCode(letter.join_url)
        except ValueError:
            return Failure(NoLetterReason.JOIN_URL_TOO_LONG)
        address.drawOn(self._canvas, LEFT, HEIGHT - ADDRESS_TOP - address.height)
        for paragraph, bottom in body.paragraphs:
            paragraph.drawOn(self._canvas, LEFT, HEIGHT - bottom)
        self._draw_qr_code(qr_code, body.qr_top)
        self._canvas.showPage()
        return Success(None)

    def content(self) -> bytes:
        """Give the PDF with all letters. There must be at least one."""
        content: bytes = self._canvas.getpdfdata()  # type: ignore[no-untyped-call]  # returns bytes
        return content

    def _draw_qr_code(self, code: QrCode, top: float) -> None:
        self._canvas.translate(RIGHT - QR_SIDE, HEIGHT - top)
        self._canvas.scale(code.module, code.module)
        # formatting decimal numbers would take as long as all of the text
        squares = " ".join(f"{column} {-row - 1} {length} 1 re" for column, row, length in code.dark_runs())
        self._canvas.addLiteral(f"{squares} f")
