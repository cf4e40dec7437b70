"""The lines that `generate` has written, read again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import DecodeError, ValidationError, convert, json
from returns.result import Failure, Result, Success

from adapters.bulk_client.answer_lines import OutputForm
from adapters.bulk_client.csv_rows import UnknownHeaderError, column_names, read_identifier, read_rows
from application.write_letters import ListedInvitation
from domain.confidential import Confidential
from domain.invitation import InvitationToken
from domain.issued_invitation import IssuedInvitation
from domain.work_list import BadLine

_ListedLine: TypeAlias = Result[ListedInvitation, BadLine]


class _Line(Confidential, frozen=True):
    """A line; its fields are the columns."""

    system: str
    value: str
    code: str
    token: str
    expiry: datetime
    join_url: str


_COLUMNS = _Line.__struct_fields__


def read_invitations(lines: Iterable[str], form: OutputForm) -> Iterator[_ListedLine]:
    """Read an invitation a line, lazily. Raises UnknownHeaderError for CSV with another header."""
    numbered = enumerate(lines, start=1)
    if form == "ndjson":
        return _from_ndjson(numbered)
    columns = column_names(next(numbered, (1, ""))[1])
    if sorted(columns) != sorted(_COLUMNS):
        raise UnknownHeaderError(f"the first line does not name the columns {','.join(_COLUMNS)}")
    return _from_csv(numbered, columns)


def _from_csv(numbered: Iterable[tuple[int, str]], columns: Sequence[str]) -> Iterator[_ListedLine]:
    for number, row in read_rows(numbered, columns):
        if isinstance(row, Failure):
            yield Failure(row.failure())
            continue
        try:
            line = convert(row.unwrap(), _Line)
        except ValidationError:
            yield Failure(BadLine(number, "the expiry is not a date and time"))
        else:
            yield _listed(number, line)


def _from_ndjson(numbered: Iterable[tuple[int, str]]) -> Iterator[_ListedLine]:
    decoder = json.Decoder(_Line)
    for number, text in numbered:
        if text.strip():
            try:
                line = decoder.decode(text)
            except (DecodeError, UnicodeEncodeError):
                yield Failure(BadLine(number, f"the line is not JSON with {', '.join(_COLUMNS)}"))
            else:
                yield _listed(number, line)


def _listed(number: int, line: _Line) -> _ListedLine:
    identifier = read_identifier(number, line.system, line.value)
    if isinstance(identifier, Failure):
        return Failure(identifier.failure())
    try:
        invitation = IssuedInvitation(InvitationToken(line.code, line.token, line.expiry), line.join_url)
    except ValueError as error:
        return Failure(BadLine(number, str(error)))
    return Success(ListedInvitation(identifier.unwrap(), invitation))
