"""Names and addresses of patients, in CSV."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from returns.result import Result

from adapters.csv.rows import (
    NO_IDENTIFIER,
    NOT_UTF_8,
    NUMBER_COLUMNS,
    PAIR_COLUMNS,
    REPLACEMENT,
    BadLineError,
    Fields,
    Table,
    UnknownHeaderError,
    read_number,
    read_pair,
    visible,
)
from application.mailing.write_letters import ListedAddressee
from domain.identifiers import PatientIdentifier
from domain.mailing.letters import Addressee
from domain.mailing.work_list import BadLine

ADDRESS_COLUMNS = ("address_1", "address_2", "address_3", "address_4", "address_5", "postcode")

_COLUMNS = (*PAIR_COLUMNS, *NUMBER_COLUMNS, "name", *ADDRESS_COLUMNS)
_NEEDED = {"name", "address_1"}

_ListedLine: TypeAlias = Result[ListedAddressee, BadLine]


def read_addressees(lines: Iterable[str]) -> Iterator[_ListedLine]:
    """Read an addressee from each line, lazily. Raises UnknownHeaderError.

    In the lines, U+FFFD stands for bytes that were not UTF-8.

    The columns are any of the numbers of `patients import`, or `system` and `value`; `name`; `address_1` to
    `address_5` and `postcode`, of which only the first is required. Others are ignored.
    """
    table = Table.open(lines)
    named = {*table.names}
    if len(named) < len(table.names):
        raise UnknownHeaderError("the first line names a column twice")
    if not named >= _NEEDED or not (named >= {*PAIR_COLUMNS} or named & NUMBER_COLUMNS.keys()):
        raise UnknownHeaderError(
            "the first line does not name name, address_1 and a number (such as nhs_number, or system,value)"
        )
    return table.rows(_COLUMNS, _listed, BadLine)


def _listed(line: int, fields: Fields) -> ListedAddressee:
    if any(REPLACEMENT in field for field in fields):
        raise BadLineError(NOT_UTF_8)
    system, value, *others = fields
    numbers, (name, *address) = others[: len(NUMBER_COLUMNS)], others[len(NUMBER_COLUMNS) :]
    identifiers: list[PatientIdentifier] = []
    if system or value:
        identifiers.append(read_pair(system, value))
    identifiers += [read_number(*each) for each in zip(NUMBER_COLUMNS, numbers, strict=True) if each[1]]
    if not identifiers:
        raise BadLineError(NO_IDENTIFIER)
    addressee = Addressee(tuple(identifiers), _text(name), tuple(filter(None, map(_text, address))))
    return ListedAddressee(line, addressee)


def _text(field: str) -> str:
    """Write a letter and its accent as one character, and one space between words."""
    return unicodedata.normalize("NFC", " ".join(visible(field).split()))
