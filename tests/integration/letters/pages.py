"""Pages of a PDF, as a reader, a phone and an envelope see them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL.Image import Image
from pypdf import PdfReader

_POINTS_A_MM = 72 / 25.4
_DOTS_A_POINT = 2
PAGE_HEIGHT_MM = 297


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    """Give the text of each page, with one space between words."""
    with _opened(content) as document:
        return [_words(page.get_textpage().get_text_bounded()) for page in document]


def text_between(content: bytes, *, left: float, top: float, right: float, bottom: float) -> list[str]:
    """Give the lines in a rectangle of the first page; in mm, from its upper left corner."""
    with _opened(content) as document:
        text: str = (
            document[0]
            .get_textpage()
            .get_text_bounded(
                left=left * _POINTS_A_MM,
                right=right * _POINTS_A_MM,
                top=(PAGE_HEIGHT_MM - top) * _POINTS_A_MM,
                bottom=(PAGE_HEIGHT_MM - bottom) * _POINTS_A_MM,
            )
        )
        return text.splitlines()


def picture(content: bytes, page: int = 0) -> Image:
    """Draw a page, at 144 dots an inch."""
    with _opened(content) as document:
        drawn: Image = document[page].render(scale=_DOTS_A_POINT).to_pil()
        return drawn


def scanned(content: bytes, page: int = 0) -> list[str]:
    """Read the QR codes of a page like a phone."""
    return [code.text for code in zxingcpp.read_barcodes(picture(content, page))]


def fonts(content: bytes) -> dict[str, bool]:
    """Give the fonts that the pages name, and whether the file has their shapes."""
    named = (
        font
        for page in PdfReader(BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # a dictionary
    )
    return {str(font["/BaseFont"]): "/FontFile2" in font.get("/FontDescriptor", {}) for font in named}


def metadata(content: bytes) -> dict[str, str]:
    """Read the metadata of a PDF."""
    with _opened(content) as document:
        return {**document.get_metadata_dict()}


def _words(text: str) -> str:
    return " ".join(text.split())
