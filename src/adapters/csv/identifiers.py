"""Patient identifiers in CSV, or one NHS number a line."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from returns.result import Result

from adapters.csv.rows import (
    NO_IDENTIFIER,
    NUMBER_COLUMNS,
    PAIR_COLUMNS,
    BadLineError,
    Fields,
    Table,
    UnknownHeaderError,
    read_number,
    read_pair,
)
from domain.mailing.work_list import BadLine, ListedIdentifier

ListedLine: TypeAlias = Result[ListedIdentifier, BadLine]


def read_identifiers(lines: Iterable[str]) -> Iterator[ListedLine]:
    """Read an identifier from each line, lazily. Raises UnknownHeaderError.

    The first line names the columns `system` and `value`, or those of `patients import`. Of these, the first
    number of a row counts. Without a header, each line is an NHS number.
    """
    table = Table.open_with_default(lines, "nhs_number")
    if any(table.names.count(column) > 1 for column in (*PAIR_COLUMNS, *NUMBER_COLUMNS)):
        raise UnknownHeaderError("the first line names a column twice")
    if {*table.names} >= {*PAIR_COLUMNS}:
        return table.rows(PAIR_COLUMNS, _pair, BadLine)
    if {*table.names} & NUMBER_COLUMNS.keys():
        return table.rows([*NUMBER_COLUMNS], _first_number, BadLine)
    raise UnknownHeaderError("the first line names neither system,value nor the columns of an import")


def _pair(line: int, fields: Fields) -> ListedIdentifier:
    if not any(fields):
        raise BadLineError(NO_IDENTIFIER)
    return ListedIdentifier(line, read_pair(*fields))


def _first_number(line: int, fields: Fields) -> ListedIdentifier:
    for column, number in zip(NUMBER_COLUMNS, fields, strict=True):
        if number:
            return ListedIdentifier(line, read_number(column, number))
    raise BadLineError(NO_IDENTIFIER)
