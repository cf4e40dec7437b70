"""Measures rounds of slices."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeAlias

from rich.progress import track

from benchmarks.cells import Cell, cells
from benchmarks.lineup import Lineup
from benchmarks.plan import Plan
from benchmarks.process_group import ProcessGroup
from benchmarks.slices import Load, Slice, Slicer

Slices: TypeAlias = Mapping[tuple[str, Load], Sequence[Slice]]
"""The slices of each subject under each load, one a round."""

_SEED = 7
_WARM_UP = (Load(1, 8), Load(500, 1))


async def measure_rounds(lineup: Lineup, database: ProcessGroup, plan: Plan) -> Slices:
    """Measure all cells of a plan, round after round, after a warm-up."""
    slicer = Slicer(database, Random(_SEED))  # noqa: S311 - a choice of patients, not a secret
    in_a_round = list(cells(plan, lineup.subjects))
    await _warm_up(slicer, lineup, in_a_round, plan)
    slices: dict[tuple[str, Load], list[Slice]] = {}
    for number in range(plan.rounds):
        due = [cell for cell in in_a_round if number == 0 or not cell.once]
        if number % 2:
            # of two neighbours, neither always comes first
            due.reverse()
        for cell in track(due, f"round {number + 1} of {plan.rounds}"):
            taken = await slicer.measure(
                lineup.subjects[cell.subject], cell.load, cell.seconds, cell.population
            )
            slices.setdefault((cell.subject, cell.load), []).append(taken)
    return slices


async def _warm_up(slicer: Slicer, lineup: Lineup, in_a_round: Iterable[Cell], plan: Plan) -> None:
    populations = {cell.subject: cell.population for cell in in_a_round}
    for name, population in track(populations.items(), "warming up"):
        for load in _WARM_UP:
            due = Load(load.batch, load.clients if "SQLite" not in name else 1)
            for _slice in range(plan.warm_up_slices):
                await slicer.measure(lineup.subjects[name], due, plan.seconds, population)
