"""The benchmarks: everything in one run.

.venv/bin/python -m benchmarks [--full]
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import uvloop
from msgspec.structs import replace

from benchmarks import server_process
from benchmarks.access import grant_access
from benchmarks.campaign import measure_campaign
from benchmarks.database_server import database_server
from benchmarks.endurance import measure_endurance
from benchmarks.imports import measure_import
from benchmarks.lineup import lined_up, populate
from benchmarks.machine import load_average
from benchmarks.plan import DATABASE, FULL, SHORT, Plan
from benchmarks.plots import draw_plots
from benchmarks.process_group import ProcessGroup
from benchmarks.report import report, target_lines
from benchmarks.results import Results
from benchmarks.rounds import measure_rounds

_RESULTS = Path(__file__).parent / "results"


async def run(plan: Plan, directory: Path) -> Results:
    """Set everything up, measure it, and take it down."""
    begun_at, start, load_before = datetime.now(UTC), time.perf_counter(), load_average()
    with database_server(directory) as server:
        access = grant_access(directory)
        click.echo("filling the databases")
        await populate(server, directory, plan)
        settings = access.settings_on(server.sqlalchemy_url(DATABASE))
        async with lined_up(server, access, directory, plan) as lineup:
            slices = await measure_rounds(lineup, ProcessGroup(server.pid), plan)
        with server_process.service(settings, directory / "endurance.log") as worker:
            click.echo("memory of a worker")
            endurance = await measure_endurance(worker, access.token, plan)
        click.echo("campaign")
        campaign = await measure_campaign(server, access, directory, plan)
        click.echo("import")
        imported_a_second = measure_import(settings, directory, plan)
        return Results(
            plan,
            begun_at,
            time.perf_counter() - start,
            load_before,
            f"PostgreSQL {server.version} with {', '.join(server.settings)}",
            slices,
            [*lineup.seconds_to_ready, worker.seconds_to_ready],
            endurance,
            campaign,
            imported_a_second,
        )


@click.command()
@click.option(
    "--full", is_flag=True, help="Also ten million patients, half of them invited, and ten minutes of load."
)
@click.option("--rows", type=int, help="Patients in the database, instead of a million.")
@click.option("--rounds", type=int, help="Rounds, to try things out.")
@click.option("--results", type=click.Path(path_type=Path), default=_RESULTS, help="Where the report goes.")
def main(*, full: bool, rows: int | None, rounds: int | None, results: Path) -> None:
    """Measure, judge, and write a report."""
    plan = FULL if full else SHORT
    plan = replace(plan, rows=rows or plan.rows, rounds=rounds or plan.rounds)
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        found = uvloop.run(run(plan, Path(name)))
    results.mkdir(exist_ok=True)
    (results / "latest.md").write_text(report(found) + "\n")
    draw_plots(found, results)
    for line in target_lines(found):
        click.echo(line)


if __name__ == "__main__":
    main()
