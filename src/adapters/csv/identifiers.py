"""Patient identifiers in CSV, or one NHS number a line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from returns.result import Failure, Result, Success

from adapters.csv.rows import (
    NO_IDENTIFIER,
    NUMBER_COLUMNS,
    PAIR_COLUMNS,
    Row,
    UnknownHeaderError,
    column_names,
    read_identifier,
    read_rows,
)
from domain.mailing.work_list import BadLine, ListedIdentifier

ListedLine: TypeAlias = Result[ListedIdentifier, BadLine]

_Named: TypeAlias = tuple[str, str]
"""A system and a value."""


def read_identifiers(lines: Iterable[str]) -> Iterator[ListedLine]:
    """Read an identifier a line, lazily. Raises UnknownHeaderError.

    The first line says which form it is: the columns `system` and `value`, or those of `patients import`, of
    whose numbers the first one that is there counts; without a header, each line is an NHS number. A row
    never spans lines.
    """
    numbered = enumerate(lines, start=1)
    number, first = next(numbered, (1, ""))
    first = first.lstrip("\ufeff")
    columns = column_names(first)
    if {*columns} >= PAIR_COLUMNS:
        return _listed(numbered, columns, _pair)
    if {*columns} & NUMBER_COLUMNS.keys():
        return _listed(numbered, columns, _first_number)
    if len(columns) > 1 or (first.strip() and not any(map(str.isdigit, first))):
        raise UnknownHeaderError("the first line names neither system,value nor the columns of an import")
    return _listed(chain([(number, first)], numbered), ["nhs_number"], _first_number)


def _listed(
    numbered: Iterable[tuple[int, str]], columns: Sequence[str], named_in: Callable[[Row], _Named | None]
) -> Iterator[ListedLine]:
    for number, row in read_rows(numbered, columns):
        if isinstance(row, Failure):
            yield Failure(row.failure())
        else:
            yield _identified(number, named_in(row.unwrap()))


def _identified(number: int, named: _Named | None) -> ListedLine:
    if named is None:
        return Failure(BadLine(number, NO_IDENTIFIER))
    return read_identifier(number, *named).bind(
        lambda identifier: Success(ListedIdentifier(number, identifier))
    )


def _pair(row: Row) -> _Named | None:
    return (row["system"], row["value"]) if row["system"] or row["value"] else None


def _first_number(row: Row) -> _Named | None:
    return next(((NUMBER_COLUMNS[name].value, row[name]) for name in NUMBER_COLUMNS if row.get(name)), None)
