"""A step of the use cases of operators: put a command on record."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Result

from application.ports.audit import CommandEventRepository
from application.ports.invitations import RequestIds
from application.ports.system import Clock
from domain.administration import Command, CommandEvent, CommandId, CommandOutcome
from domain.organisations import OrganisationId
from domain.patients import PatientId
from domain.results import failed

T = TypeVar("T")
E = TypeVar("E")


class CommandEntry(Struct, frozen=True):
    """What is known of a command before it begins; the fields are those of `CommandEvent`."""

    command: Command
    operator: str
    organisation_id: OrganisationId | None = None
    client_id: str | None = None
    file_digest: str | None = None
    reason: str | None = None


class CommandReport(Struct, frozen=True):
    """What a command has done: the counts, the patients, and how many rows it did not carry out."""

    counts: Mapping[str, int] = {}
    patients: tuple[PatientId, ...] = ()
    not_carried_out: int = 0


class RecordCommand:
    """Carry out a command between two events, so that nothing changes without one.

    The first event says who began what. The second says how it ended.
    """

    def __init__(self, events: CommandEventRepository, ids: RequestIds, clock: Clock) -> None:
        """Add to `events`."""
        self._events = events
        self._ids = ids
        self._clock = clock

    async def __call__(
        self,
        entry: CommandEntry,
        work: Callable[[], Awaitable[Result[T, E]]],
        report: Callable[[T], CommandReport] = lambda _done: CommandReport(),
    ) -> Result[T, E]:
        """Return what `work` returns; `report` says what that did. Raises `Unavailable`."""
        begun = CommandEvent(
            command_id=CommandId(self._ids.draw()),
            recorded_at=self._clock.instant(),
            command=entry.command,
            outcome=CommandOutcome.BEGUN,
            operator=entry.operator,
            organisation_id=entry.organisation_id,
            client_id=entry.client_id,
            file_digest=entry.file_digest,
            reason=entry.reason,
        )
        await self._events.record(begun)
        result = await work()
        done = CommandReport() if failed(result) else report(result.unwrap())
        ended = replace(
            begun,
            recorded_at=self._clock.instant(),
            outcome=_outcome(result, done),
            counts=done.counts,
            patients=done.patients,
        )
        await self._events.record(ended)
        return result


def _outcome(result: Result[T, E], report: CommandReport) -> CommandOutcome:
    if failed(result):
        return CommandOutcome.REFUSED
    return CommandOutcome.CARRIED_OUT_IN_PART if report.not_carried_out else CommandOutcome.CARRIED_OUT
