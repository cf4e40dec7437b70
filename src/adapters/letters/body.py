"""The text of a letter, set below the address."""

from collections.abc import Sequence
from typing import assert_never, cast
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from adapters.letters.page import (
    BODY_TOP,
    BOTTOM,
    GAP,
    HEADING,
    ITEM,
    LEFT,
    QR_DISTANCE,
    QR_SIDE,
    RIGHT,
    SECRET_SIZE,
    TEXT,
    Typeface,
    register_typefaces,
    with_secret,
)
from adapters.letters.template import LineKind, Part, Placeholder, TemplateLine
from domain.mailing.letters import Letter

_WIDTH = RIGHT - LEFT
_WIDTH_BESIDE_QR = _WIDTH - QR_SIDE - QR_DISTANCE
_SHORTEST = Letter(
    name="",
    address=(),
    date="1 May 2027",
    code="00000 00000",
    token="00000 00000",  # noqa: S106 - as wide as any token
    expiry="1 May 2027",
    website="",
    join_url="",
)


class PageFullError(Exception):
    """The text does not fit on its page."""


class Body:
    """Sets paragraph below paragraph. Lines beside the QR code are shorter."""

    def __init__(self) -> None:
        """Start at the top. Each paragraph has its distance from the top of the page to its end."""
        self.paragraphs: list[tuple[Paragraph, float]] = []
        self.qr_top = 0.0
        self._y = BODY_TOP

    def set(self, template: Sequence[TemplateLine], letter: Letter) -> None:
        """Set a whole letter. Raises PageFullError."""
        for line in template:
            match line.kind:
                case LineKind.GAP:
                    self._y += GAP
                case LineKind.QR:
                    self.qr_top = self._y
                case LineKind.HEADING:
                    self._set(_paragraph(line, letter, HEADING))
                case LineKind.TEXT:
                    self._set(_paragraph(line, letter, TEXT))
                case LineKind.ITEM:
                    self._set(_paragraph(line, letter, ITEM))
                case _:
                    assert_never(line.kind)
        if max(self._y, self._qr_bottom) > BOTTOM:
            raise PageFullError

    @property
    def _qr_bottom(self) -> float:
        return self.qr_top + QR_SIDE if self.qr_top else 0.0

    def _set(self, paragraph: Paragraph) -> None:
        if self._y >= self._qr_bottom:
            self._put(paragraph, _WIDTH)
            return
        # a line is beside the QR code if it starts above its end
        height = self._qr_bottom - self._y + paragraph.style.leading - 1
        parts = cast("list[Paragraph]", paragraph.split(_WIDTH_BESIDE_QR, height))
        beside, *below = parts or [paragraph]
        self._put(beside, _WIDTH_BESIDE_QR)
        for rest in below:
            self._put(rest, _WIDTH)

    def _put(self, paragraph: Paragraph, width: float) -> None:
        if paragraph.minWidth() + paragraph.style.leftIndent > width:
            raise PageFullError
        self._y += paragraph.wrap(width, BOTTOM)[1]
        self.paragraphs.append((paragraph, self._y))


def fits_its_page(template: Sequence[TemplateLine]) -> bool:
    """Return whether the template leaves room for the text of a patient."""
    register_typefaces()
    try:
        Body().set(template, _SHORTEST)
    except PageFullError:
        return False
    return True


def _paragraph(line: TemplateLine, letter: Letter, style: ParagraphStyle) -> Paragraph:
    if Placeholder.CODE in line.parts or Placeholder.TOKEN in line.parts:
        style = with_secret(style)
    markup = "".join(_markup(part, letter) for part in line.parts)
    return Paragraph(markup, style, bulletText=line.mark or None)


def _markup(part: Part, letter: Letter) -> str:
    """Fill in a placeholder. Only a name is broken into lines."""
    match part:
        case str():
            return escape(part)
        case Placeholder.NAME:
            return escape(letter.name)
        case Placeholder.DATE:
            return _unbroken(letter.date)
        case Placeholder.EXPIRY:
            return _unbroken(letter.expiry)
        case Placeholder.WEBSITE:
            return _unbroken(letter.website)
        case Placeholder.CODE:
            return _secret(letter.code)
        case Placeholder.TOKEN:
            return _secret(letter.token)
        case Placeholder.QR:
            return ""  # has a line of its own
        case _:
            assert_never(part)


def _unbroken(text: str) -> str:
    return escape(text).replace(" ", "\N{NO-BREAK SPACE}")


def _secret(text: str) -> str:
    return f'<font name="{Typeface.SECRET.value}" size="{SECRET_SIZE}">{_unbroken(text)}</font>'
