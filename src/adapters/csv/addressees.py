"""Names and addresses of patients, in CSV."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
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
from application.mailing.write_letters import ListedAddressee
from domain.identifiers import PatientIdentifier
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine

ADDRESS_COLUMNS = ("address_1", "address_2", "address_3", "address_4", "address_5", "postcode")

_NEEDED = {"name", "address_1"}
_NOT_UTF_8 = "\N{REPLACEMENT CHARACTER}"

_ListedLine: TypeAlias = Result[ListedAddressee, BadLine]


def read_addressees(lines: Iterable[str]) -> Iterator[_ListedLine]:
    """Read an addressee a line, lazily; bytes that were not UTF-8 are U+FFFD. Raises UnknownHeaderError.

    The columns are any of the numbers of `patients import`, or `system` and `value`; `name`; `address_1` to
    `address_5` and `postcode`, of which only the first must be there. Others are not looked at.
    """
    numbered = enumerate(lines, start=1)
    columns = column_names(next(numbered, (1, ""))[1])
    named = {*columns}
    if len(named) < len(columns):
        raise UnknownHeaderError("the first line names a column twice")
    if not named >= _NEEDED or not (named >= PAIR_COLUMNS or named & NUMBER_COLUMNS.keys()):
        raise UnknownHeaderError(
            "the first line does not name name, address_1 and a number (such as nhs_number, or system,value)"
        )
    return _listed(numbered, columns)


def _listed(numbered: Iterable[tuple[int, str]], columns: Sequence[str]) -> Iterator[_ListedLine]:
    for number, row in read_rows(numbered, columns):
        yield Failure(row.failure()) if isinstance(row, Failure) else _addressee(number, row.unwrap())


def _addressee(number: int, row: Row) -> _ListedLine:
    if any(_NOT_UTF_8 in field for field in row.values()):
        return Failure(BadLine(number, "the line is not UTF-8"))
    identifiers: list[PatientIdentifier] = []
    for system, value in _named(row):
        read = read_identifier(number, system, value)
        if isinstance(read, Failure):
            return Failure(read.failure())
        identifiers.append(read.unwrap())
    if not identifiers:
        return Failure(BadLine(number, NO_IDENTIFIER))
    address = filter(None, (_text(row.get(column, "")) for column in ADDRESS_COLUMNS))
    return Success(ListedAddressee(number, Addressee(tuple(identifiers), _text(row["name"]), tuple(address))))


def _named(row: Row) -> Iterator[tuple[str, str]]:
    if row.get("system") or row.get("value"):
        yield row.get("system", ""), row.get("value", "")
    yield from ((system.value, row[name]) for name, system in NUMBER_COLUMNS.items() if row.get(name))


def _text(field: str) -> str:
    """Write a letter and its accent as one character, as typefaces have them, and words with one space."""
    return unicodedata.normalize("NFC", " ".join(field.split()))
