"""The lines of the file of answers, in CSV or NDJSON."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Generic, Literal, TypeAlias, TypeVar, assert_never

import httpx
from msgspec import Struct, json

from adapters.fhir.status_query import NO_ACCESS, NOT_FOUND
from domain.invitation import InvitationToken
from domain.patient_identifier import PatientIdentifier
from domain.patient_status import Known, NoAccess, NotFound, PatientStatus

T = TypeVar("T")

Value: TypeAlias = str | bool | None
OutputForm: TypeAlias = Literal["csv", "ndjson"]

_FLAGS = {True: "true", False: "false", None: ""}


class Columns(Struct, Generic[T], frozen=True):
    """What a line says beside system and value: the names, and the values for one answer."""

    names: Sequence[str]
    values: Callable[[T], Sequence[Value]]


class AnswerLines(Generic[T]):
    """Writes answers as whole lines, each with its line end."""

    def __init__(self, columns: Columns[T], form: OutputForm) -> None:
        """Write these columns in this form."""
        self._names = ("system", "value", *columns.names)
        self._values = columns.values
        self._form = form

    @property
    def header(self) -> bytes:
        """What the file begins with."""
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


def token_columns(join_url: str) -> Columns[InvitationToken]:
    """Say of an invitation what a letter needs; the join URL carries code and token as `t1` and `t2`."""
    base = httpx.URL(join_url)

    def values(invitation: InvitationToken) -> Sequence[Value]:
        url = base.copy_merge_params({"t1": invitation.code, "t2": invitation.token})
        expiry = invitation.expires_at.isoformat(timespec="milliseconds")
        return (invitation.code, invitation.token, expiry, str(url))

    return Columns(("code", "token", "expiry", "join_url"), values)


def status_columns() -> Columns[PatientStatus]:
    """Say of a patient what the service tells."""
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
