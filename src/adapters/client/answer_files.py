"""Answer files in CSV or NDJSON: how they are written and read."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Generic, Literal, TypeAlias, TypeVar, assert_never

import httpx
from msgspec import DecodeError, Struct, ValidationError, convert, json
from returns.result import Failure, Result, Success

from adapters.csv.rows import BadLineError, Fields, Table, UnknownHeaderError, read_pair
from adapters.fhir.status_query import NO_ACCESS, NOT_FOUND
from application.mailing.write_letters import ListedInvitation
from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationToken, IssuedInvitation
from domain.mailing.work_list import BadLine
from domain.patients import Known, NoAccess, NotFound, PatientStatus

T = TypeVar("T")

Value: TypeAlias = str | bool | None
OutputForm: TypeAlias = Literal["csv", "ndjson"]

_FLAGS = {True: "true", False: "false", None: ""}


class Columns(Struct, Generic[T], frozen=True):
    """The columns after system and value: their names, and their values for one answer."""

    names: Sequence[str]
    values: Callable[[T], Sequence[Value]]


class AnswerLines(Generic[T]):
    """Writes one line for each answer."""

    def __init__(self, columns: Columns[T], form: OutputForm) -> None:
        """Write these columns as CSV or NDJSON."""
        self._names = ("system", "value", *columns.names)
        self._values = columns.values
        self._form = form

    @property
    def header(self) -> bytes:
        """The first line of a CSV file."""
        return csv_line(self._names) if self._form == "csv" else b""

    def lines(self, answers: Mapping[PatientIdentifier, T]) -> bytes:
        """Give a line for each answer, in their order."""
        return b"".join(
            self._line((identifier.system.value, identifier.value, *self._values(answer)))
            for identifier, answer in answers.items()
        )

    def _line(self, values: Sequence[Value]) -> bytes:
        if self._form == "csv":
            return csv_line([value if isinstance(value, str) else _FLAGS[value] for value in values])
        named = zip(self._names, values, strict=True)
        return json.encode({name: value for name, value in named if value is not None}) + b"\n"


def csv_line(fields: Sequence[str]) -> bytes:
    """Write a line of CSV."""
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(fields)
    return line.getvalue().encode()


def count_reasons(lines: Iterable[str]) -> Counter[str]:
    """Count the reasons in a file of omitted patients."""
    return Counter(row["reason"] for row in csv.DictReader(lines))


def token_columns(join_url: str) -> Columns[InvitationToken]:
    """Give the columns of an invitation. The join URL carries code and token as `t1` and `t2`."""
    base = httpx.URL(join_url)

    def values(invitation: InvitationToken) -> Sequence[Value]:
        url = base.copy_merge_params({"t1": invitation.code, "t2": invitation.token})
        expiry = invitation.expires_at.isoformat(timespec="milliseconds")
        return (invitation.code, invitation.token, expiry, str(url))

    return Columns(("code", "token", "expiry", "join_url"), values)


def status_columns() -> Columns[PatientStatus]:
    """Give the columns of a patient status."""
    return Columns(("deceased", "registered", "date_of_birth", "diagnostics"), _status_values)


def _status_values(status: PatientStatus) -> Sequence[Value]:
    match status:
        case Known(deceased, registered, born):
            return (deceased, registered, born.isoformat() if isinstance(born, date) else None, None)
        case NoAccess(deceased, registered):
            return (deceased, registered, None, NO_ACCESS)
        case NotFound():
            return (None, None, None, NOT_FOUND)
        case _:
            assert_never(status)


_ListedLine: TypeAlias = Result[ListedInvitation, BadLine]


class _Line(Confidential, frozen=True):
    """A line. Its fields are the columns."""

    system: str
    value: str
    code: str
    token: str
    expiry: datetime
    join_url: str


_COLUMNS = _Line.__struct_fields__


def read_invitations(lines: Iterable[str], form: OutputForm) -> Iterator[_ListedLine]:
    """Read an invitation from each line, lazily. Raises UnknownHeaderError for CSV with another header."""
    if form == "ndjson":
        return _from_ndjson(enumerate(lines, start=1))
    table = Table.open(lines)
    if sorted(table.names) != sorted(_COLUMNS):
        raise UnknownHeaderError(f"the first line does not name the columns {','.join(_COLUMNS)}")
    return table.rows(_COLUMNS, _from_csv, BadLine)


def _from_csv(_number: int, fields: Fields) -> ListedInvitation:
    try:
        return _listed(convert(dict(zip(_COLUMNS, fields, strict=True)), _Line))
    except ValidationError:
        raise BadLineError("the expiry is not a date and time") from None


def _from_ndjson(numbered: Iterable[tuple[int, str]]) -> Iterator[_ListedLine]:
    decoder = json.Decoder(_Line)
    for number, marked in numbered:
        # Windows programs begin a file with a byte order mark, which joined files have in the middle
        text = marked.lstrip("\ufeff")
        if text.strip():
            try:
                yield Success(_listed(decoder.decode(text)))
            except (DecodeError, UnicodeEncodeError):
                yield Failure(BadLine(number, f"the line is not JSON with {', '.join(_COLUMNS)}"))
            except BadLineError as problem:
                yield Failure(BadLine(number, str(problem)))


def _listed(line: _Line) -> ListedInvitation:
    identifier = read_pair(line.system, line.value)
    try:
        invitation = IssuedInvitation(InvitationToken(line.code, line.token, line.expiry), line.join_url)
    except ValueError as error:
        raise BadLineError(str(error)) from None
    return ListedInvitation(identifier, invitation)
