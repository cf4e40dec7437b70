"""Files in which semicolons, tabs or vertical bars separate the fields."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

_SEPARATORS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"[^"]*"')
_EXCEL_HINT = re.compile(r"\ufeff?sep=([,;\t|])\s*", re.IGNORECASE)
"""The line that tells Excel what separates the fields."""
_BLANK = '\ufeff,;\t| "\r\n'


def comma_separated(lines: Iterable[str]) -> Iterable[str]:
    """Give lines of CSV with commas. The first line that is not blank shows what separates the fields.

    Lines that have commas already are passed on as they are.
    """
    remaining = iter(lines)
    blank: list[str] = []
    for line in remaining:
        if hint := _EXCEL_HINT.fullmatch(line):
            return chain(blank, ["\n"], _with_commas(remaining, hint[1]))
        if not line.strip(_BLANK):
            blank.append("\n")
            continue
        # of several that are equally frequent, the first
        separator = max(_SEPARATORS, key=_QUOTED.sub("", line).count)
        return chain(blank, _with_commas(chain([line], remaining), separator))
    return blank


def _with_commas(lines: Iterator[str], separator: str) -> Iterable[str]:
    return lines if separator == "," else (_converted(line, separator) for line in lines)


def _converted(line: str, separator: str) -> str:
    try:
        fields = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        # is no row with commas either
        return line
    converted = StringIO()
    csv.writer(converted, lineterminator="\n").writerow(fields)
    return converted.getvalue()
