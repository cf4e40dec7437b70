"""The service as a caller knows it, through whichever door: what can be asked, and what comes back."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from msgspec import Struct

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.people import HOSPITAL


class Access(Struct, frozen=True):
    """What a caller presents: as many values as it sends, usually one each."""

    authorization: tuple[str, ...]
    organisation: tuple[str, ...] = (str(HOSPITAL),)


class Invited(Struct, frozen=True):
    """A patient who is invited."""

    identifier: RequestedIdentifier
    code: str
    token: str
    expiry: datetime


class Tokens(Struct, frozen=True):
    """An answer; `omitted` gives the reason for each identifier left out, if that was told."""

    invited: Sequence[Invited]
    omitted: Sequence[tuple[RequestedIdentifier, str]]
    replayed: bool

    @property
    def identifiers(self) -> list[RequestedIdentifier]:
        return [each.identifier for each in self.invited]


class Status(Struct, frozen=True):
    """What is told of a patient; None where it is not."""

    identifier: RequestedIdentifier
    found: bool
    accessible: bool
    deceased: bool | None = None
    registered: bool | None = None
    date_of_birth: date | None = None


class Why(StrEnum):
    """What is said of the reason for a refusal, so that a program can tell what to do."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    THROTTLED = "throttled"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"


class Refused(Struct, frozen=True):
    """A refusal: where the request is at fault, and whether it is said when to try again."""

    why: Why
    positions: tuple[int, ...] = ()
    retry_after: int | None = None


Generated: TypeAlias = Tokens | Refused
Told: TypeAlias = Sequence[Status] | Refused


class Door(Protocol):
    """A way in. `request_id` is what the caller calls its request by; it has to come back."""

    def generate(
        self,
        access: Access,
        identifiers: Sequence[RequestedIdentifier],
        *,
        key: str | None = None,
        tell_omitted: bool = False,
        request_id: str = "",
    ) -> Generated:
        """Ask for invitation tokens."""
        ...

    def query_status(self, access: Access, identifiers: Sequence[RequestedIdentifier]) -> Told:
        """Ask for the status of patients."""
        ...
