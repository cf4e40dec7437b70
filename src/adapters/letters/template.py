"""The template of a letter: its text, with placeholders for the parts that differ between patients."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from importlib.resources import files
from typing import TypeAlias
from unicodedata import normalize

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.letters.page import Typeface, can_print


class Placeholder(Enum):
    """A placeholder of a template. There are no others, so nothing else of a patient can be printed."""

    NAME = "name"
    DATE = "date"
    CODE = "code"
    TOKEN = "token"  # noqa: S105 - the name of a placeholder
    EXPIRY = "expiry"
    WEBSITE = "website"
    QR = "qr"


class LineKind(Enum):
    """The layout of a line."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    GAP = "gap"
    QR = "qr"


Part: TypeAlias = str | Placeholder


class TemplateLine(Struct, frozen=True):
    """A line. `mark` is the number or dash of a list item."""

    kind: LineKind
    parts: Sequence[Part] = ()
    mark: str = ""


class TemplateProblem(Struct, frozen=True):
    """A problem of a template, and its line. Line 0 is the template as a whole."""

    line: int
    problem: str


_PLACEHOLDERS: Mapping[str, Placeholder] = {each.value: each for each in Placeholder}
_NEEDED = (Placeholder.CODE, Placeholder.TOKEN, Placeholder.EXPIRY, Placeholder.QR)
_BRACED = re.compile(r"\{([^{}]*)\}")
_ITEM = re.compile(r"(-|[0-9]{1,2}\.) +(.*)")
_QR_LINE = "{qr}"
_HEADING = "# "


class Sender(Struct, frozen=True):
    """Who invites, and whom patients may ask: {organisation} and {contact} in a template."""

    organisation: str = ""
    contact: str = ""


NO_SENDER = Sender()

_OPTIONS: Mapping[str, str] = {"organisation": "--organisation-name", "contact": "--contact"}


def default_template() -> str:
    """Give the built-in template."""
    return (files(__package__) / "default_template.txt").read_text(encoding="utf-8")


def read_template(
    text: str, sender: Sender = NO_SENDER
) -> Result[Sequence[TemplateLine], Sequence[TemplateProblem]]:
    """Read a template, or return all its problems."""
    said = {name: _one_line(getattr(sender, name)) for name in _OPTIONS}
    lines = [*map(_one_line, text.removeprefix("\ufeff").splitlines())]
    problems = [
        problem for number, line in enumerate(lines, start=1) for problem in _problems(number, line, said)
    ]
    if not problems:
        problems = list(_missing(lines))
    return Failure(problems) if problems else Success([_read_line(line, said) for line in lines])


def _one_line(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


def _problems(number: int, line: str, said: Mapping[str, str]) -> Iterator[TemplateProblem]:
    for name in _BRACED.findall(line):
        if name in said and not said[name]:
            yield TemplateProblem(number, f"{{{name}}} needs {_OPTIONS[name]}")
        elif name in said and not can_print(said[name], Typeface.TEXT):
            yield TemplateProblem(number, f"the typeface lacks a character of {_OPTIONS[name]}")
        elif name not in said and name not in _PLACEHOLDERS:
            yield TemplateProblem(number, f"there is no placeholder {{{name}}}")
    if re.search(r"[{}]", _BRACED.sub("", line)):
        yield TemplateProblem(number, "a brace has no partner")
    if _QR_LINE in line and line != _QR_LINE:
        yield TemplateProblem(number, f"{_QR_LINE} needs a line of its own")
    if not can_print(line, Typeface.TEXT):
        yield TemplateProblem(number, "the typeface lacks a character of the line")


def _missing(lines: Sequence[str]) -> Iterator[TemplateProblem]:
    named = [name for line in lines for name in _BRACED.findall(line)]
    for each in _NEEDED:
        if each.value not in named:
            yield TemplateProblem(0, f"{{{each.value}}} is missing")
    if named.count(Placeholder.QR.value) > 1:
        yield TemplateProblem(0, f"{_QR_LINE} occurs twice")


def _read_line(line: str, said: Mapping[str, str]) -> TemplateLine:
    if not line:
        return TemplateLine(LineKind.GAP)
    if line == _QR_LINE:
        return TemplateLine(LineKind.QR)
    if line.startswith(_HEADING):
        return TemplateLine(LineKind.HEADING, _parts(line.removeprefix(_HEADING), said))
    if item := _ITEM.fullmatch(line):
        return TemplateLine(LineKind.ITEM, _parts(item[2], said), item[1])
    return TemplateLine(LineKind.TEXT, _parts(line, said))


def _parts(text: str, said: Mapping[str, str]) -> Sequence[Part]:
    # every second piece is a name, because the pattern has a group
    pieces = _BRACED.split(text)
    filled: Mapping[str, Part] = {**_PLACEHOLDERS, **said}
    return [filled[piece] if odd % 2 else piece for odd, piece in enumerate(pieces) if piece]
