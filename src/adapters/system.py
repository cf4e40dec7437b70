"""The machine: its clock, its randomness, and waiting."""

import asyncio
from datetime import UTC, date, datetime
from secrets import SystemRandom, token_bytes
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg.pgproto import pgproto
from uuid_utils import uuid7

from application.ports.invitations import RequestIds
from application.ports.patients import PatientIds
from application.ports.system import Clock, Pauses
from domain.invitations import RequestId
from domain.patients import PatientId


class SystemClock(Clock):
    """Tells the time of the machine; the day in the United Kingdom."""

    def __init__(self) -> None:
        """Load the rules of British time."""
        self._london = ZoneInfo("Europe/London")

    def instant(self) -> datetime:
        """Give the present moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Give the calendar date in Europe/London."""
        return self.day_of(self.instant())

    def day_of(self, instant: datetime) -> date:
        """Give the calendar date in Europe/London of a moment."""
        return instant.astimezone(self._london).date()


class RandomRequestIds(RequestIds):
    """Draws ids from the operating system's source of randomness."""

    def draw(self) -> RequestId:
        """Give a fresh id; all of its 128 bits are random, so it has no version in the sense of RFC 9562."""
        return RequestId(UUID(bytes=token_bytes(16)))


class OrderedPatientIds(PatientIds):
    """Draws ids in order of time, so that a database appends them to its index.

    Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
    """

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        # a uuid.UUID, but made and sent in a third of the time: an import draws one for each line
        return PatientId(pgproto.UUID(uuid7().bytes))


class SystemPauses(Pauses):
    """Waits for real."""

    def __init__(self) -> None:
        """Take the system's source of randomness."""
        self._random = SystemRandom()

    def spread(self) -> float:
        """Draw a number from 0 to 1."""
        return self._random.random()

    async def wait(self, seconds: float) -> None:
        """Return after so long."""
        await asyncio.sleep(seconds)
