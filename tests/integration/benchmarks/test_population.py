"""The benchmarks fill the tables of this release, and their floor invites from them."""

from pathlib import Path
from random import Random

from benchmarks.patients import draw_identifiers
from benchmarks.population import populate_sqlite
from benchmarks.sqlite_floor import SqliteFloor

PATIENTS = 40


async def test_the_floor_invites_the_patients_that_were_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "bench.db"
    floor = SqliteFloor(file)

    await populate_sqlite(file, PATIENTS)
    async with floor.connect(1) as [send]:
        invited = await send(floor.prepare(draw_identifiers(Random(1), 10, PATIENTS)))

    assert invited == 10
