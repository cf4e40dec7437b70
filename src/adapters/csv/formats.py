"""Files that are no text in UTF-8, named as what they are."""

from pathlib import Path

from adapters.csv.rows import UnknownHeaderError

_HEAD_BYTES = 4_096
_ADVICE = 'Save it as "CSV UTF-8".'
_FORMATS = (
    ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), "the file is a spreadsheet (such as .xlsx), not CSV"),
    ((b"\xff\xfe", b"\xfe\xff"), 'the file is UTF-16 ("Unicode text"), not UTF-8'),
    ((b"%PDF", b"\x1f\x8b"), "the file is not text"),
)


def refuse_other_formats(head: bytes) -> None:
    """Look at the first bytes of a file. Raises UnknownHeaderError if they are no text in UTF-8."""
    for marks, problem in _FORMATS:
        if head.startswith(marks):
            raise UnknownHeaderError(f"{problem}. {_ADVICE}")
    if b"\0" in head[:_HEAD_BYTES]:
        raise UnknownHeaderError(f"the file is UTF-16, or not text at all. {_ADVICE}")


def refuse_file_of_another_format(path: Path) -> None:
    """Look into a file, unless it can be read only once. Raises UnknownHeaderError."""
    if path.is_file():
        with path.open("rb") as file:
            refuse_other_formats(file.read(_HEAD_BYTES))
