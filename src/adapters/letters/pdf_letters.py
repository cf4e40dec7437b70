"""Letters in one PDF."""

from collections.abc import Iterable, Sequence

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from returns.result import Failure, Result, Success

from adapters.letters.address import place_address
from adapters.letters.body import Body, PageFullError
from adapters.letters.page import HEIGHT, QR_SIDE, RIGHT, WIDTH, Placed
from adapters.letters.qr_code import QrCode
from adapters.letters.template import TemplateLine
from adapters.letters.typefaces import Typeface, can_print, register_typefaces
from application.ports.letter_printer import LetterPrinter
from domain.letter import Letter, WhyNoLetter


class PdfLetters(LetterPrinter):
    """Draws each letter on a page of A4. Each takes about 15 KB of memory until all are written."""

    def __init__(self, template: Sequence[TemplateLine]) -> None:
        """Take the words of the letters."""
        register_typefaces()
        rl_config.useA85 = 0  # pages are compressed, and need not be text on top of that
        self._template = template
        self._canvas = Canvas("", pagesize=(WIDTH, HEIGHT), pageCompression=1, lang="en-GB")
        self._canvas.setTitle("Letters of invitation")
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("invitations letters")

    def add(self, letter: Letter) -> Result[None, WhyNoLetter]:
        """Draw a letter on a page of its own."""
        lines = (letter.name, *letter.address)
        if not all(can_print(text, Typeface.TEXT) for text in lines):
            return Failure(WhyNoLetter.CHARACTERS_MISSING)
        address = place_address(lines)
        if address is None:
            return Failure(WhyNoLetter.ADDRESS_TOO_LARGE)
        body = Body()
        try:
            body.set(self._template, letter)
        except PageFullError:
            return Failure(WhyNoLetter.PAGE_TOO_SMALL)
        try:
            qr_code = QrCode(letter.join_url)
        except ValueError:
            return Failure(WhyNoLetter.JOIN_URL_TOO_LONG)
        self._draw_texts(address)
        self._draw_texts(body.placed)
        self._draw_qr_code(qr_code, body.qr_top)
        self._canvas.showPage()
        return Success(None)

    def content(self) -> bytes:
        """Give the PDF with all letters; there must be one."""
        content: bytes = self._canvas.getpdfdata()  # type: ignore[no-untyped-call]  # returns bytes
        return content

    def _draw_texts(self, placed: Iterable[Placed]) -> None:
        for each in placed:
            self._canvas.setFont(each.style.typeface.value, each.style.size)
            self._canvas.drawString(each.x, HEIGHT - each.y, each.text)

    def _draw_qr_code(self, code: QrCode, top: float) -> None:
        self._canvas.translate(RIGHT - QR_SIDE, HEIGHT - top)
        self._canvas.scale(code.module, code.module)
        path = self._canvas.beginPath()
        for column, row, length in code.dark_runs():
            path.rect(column, -row - 1, length, 1)
        self._canvas.drawPath(path, stroke=0, fill=1)
