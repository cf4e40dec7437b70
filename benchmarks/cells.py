"""The cells of a run: a subject, its load, and its duration."""

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from benchmarks import lineup
from benchmarks.plan import BATCHES, CLIENTS, STATUS_BATCH, Plan
from benchmarks.slices import Load

LARGEST = Load(max(BATCHES), 1)
SMALLEST = Load(1, 8)
CROWDED = tuple(Load(batch, max(CLIENTS)) for batch in (1, max(BATCHES)))

_ALONE = (lineup.FLOOR, lineup.USE_CASE, lineup.SERVICE, lineup.WITH_KEY, lineup.SERVICE_2, lineup.PEER)
_TOGETHER = (lineup.SERVICE, lineup.SERVICE_2, lineup.PEER)
_SLOW = 10_000
"""The number of patients in flight that take the peer many seconds."""


class Cell(Struct, frozen=True):
    """A subject, a load, and the seconds of a slice. With `once`, only the first round measures it."""

    subject: str
    load: Load
    seconds: float
    population: int
    once: bool = False


def cells(plan: Plan, subjects: Collection[str]) -> Iterator[Cell]:
    """List the cells of a round with these subjects. Cells that are compared are neighbours."""
    for cell in _cells(plan):
        yield cell
        counterpart = lineup.COMPARED.get(cell.subject)
        if counterpart in subjects:
            yield replace(cell, subject=counterpart)


def _cells(plan: Plan) -> Iterator[Cell]:
    for batch in BATCHES:
        for clients in CLIENTS:
            load = Load(batch, clients)
            seconds = plan.headline_seconds if load in (LARGEST, SMALLEST) else plan.seconds
            for subject in _ALONE if clients == 1 else _TOGETHER:
                once = subject == lineup.PEER and batch * clients > _SLOW
                yield Cell(subject, load, seconds, plan.rows, once)
    for load in CROWDED:
        for subject in (lineup.SERVICE_4, lineup.TWO_SERVICES):
            yield Cell(subject, load, plan.seconds, plan.rows)
    for rows in plan.other_sizes:
        yield Cell(lineup.service_on(rows), LARGEST, plan.headline_seconds, rows)
    for subject in (lineup.SQLITE_FLOOR, lineup.SQLITE):
        yield Cell(subject, LARGEST, plan.headline_seconds, plan.sqlite_rows)
    yield Cell(lineup.STATUS_QUERY, Load(STATUS_BATCH, 1), plan.headline_seconds, plan.rows)
