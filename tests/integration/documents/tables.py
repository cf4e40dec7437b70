"""Tables of documents, as lists of cells."""

import re
from collections.abc import Iterator
from pathlib import Path

_CODE = re.compile(r"`([^`]+)`")


def rows(document: Path) -> Iterator[list[str]]:
    """Give the rows of every table in a document, a text for each cell."""
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def code_in(text: str) -> list[str]:
    """Give what stands between backticks."""
    return _CODE.findall(text)
