"""The service as a caller sees it over any transport: its requests and its answers."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from msgspec import Struct

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.people import HOSPITAL


class Access(Struct, frozen=True):
    """The headers that authenticate a caller, usually with one value each."""

    authorization: tuple[str, ...]
    organisation: tuple[str, ...] = (str(HOSPITAL),)


class Invited(Struct, frozen=True):
    """A patient who is invited."""

    identifier: RequestedIdentifier
    code: str
    token: str
    expiry: datetime


class Tokens(Struct, frozen=True):
    """An answer. `omitted` holds the reason for each omitted identifier, if the answer has them."""

    invited: Sequence[Invited]
    omitted: Sequence[tuple[RequestedIdentifier, str]]
    replayed: bool

    @property
    def identifiers(self) -> list[RequestedIdentifier]:
        return [each.identifier for each in self.invited]


class Status(Struct, frozen=True):
    """The status of a patient. None means that the answer does not include the value."""

    identifier: RequestedIdentifier
    found: bool
    accessible: bool
    deceased: bool | None = None
    registered: bool | None = None
    date_of_birth: date | None = None


class Why(StrEnum):
    """The kind of a refusal, which a program can act on."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    THROTTLED = "throttled"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"


class Refused(Struct, frozen=True):
    """A refusal: the positions of the wrong identifiers, and the seconds to wait, if the answer has them."""

    why: Why
    positions: tuple[int, ...] = ()
    retry_after: int | None = None


Generated: TypeAlias = Tokens | Refused
Queried: TypeAlias = Sequence[Status] | Refused


class Transport(Protocol):
    """Calls the service. The answer must carry the `request_id` that the caller sends."""

    def generate(
        self,
        access: Access,
        identifiers: Sequence[RequestedIdentifier],
        *,
        key: str | None = None,
        include_omitted: bool = False,
        request_id: str = "",
    ) -> Generated:
        """Ask for invitation tokens."""
        ...

    def query_status(self, access: Access, identifiers: Sequence[RequestedIdentifier]) -> Queried:
        """Ask for the status of patients."""
        ...
