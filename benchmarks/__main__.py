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
from benchmarks.before import filled_before
from benchmarks.campaign import measure_campaign
from benchmarks.database_server import database_server
from benchmarks.endurance import measure_endurance
from benchmarks.imports import measure_import
from benchmarks.life import measure_life
from benchmarks.lineup import lined_up, populate
from benchmarks.machine import load_average
from benchmarks.plan import DATABASE, FULL, SHORT, Plan
from benchmarks.plots import draw_plots
from benchmarks.process_group import ProcessGroup
from benchmarks.releases import NoReleaseBeforeError, Release, release_before, this_release
from benchmarks.report import report, target_lines
from benchmarks.results import Results
from benchmarks.rounds import measure_rounds
from benchmarks.starts import measure_starts

_RESULTS = Path(__file__).parent / "results"


async def run(plan: Plan, directory: Path, release: Release, named_before: Release | str) -> Results:
    """Set everything up, measure it, and take it down. `named_before` may say why it is not measured."""
    begun_at, start, load_before = datetime.now(UTC), time.perf_counter(), load_average()
    with database_server(directory) as server:
        access = grant_access(directory)
        click.echo("filling the databases")
        await populate(server, directory, plan)
        before = (
            None
            if isinstance(named_before, str)
            else await filled_before(server, access, directory, plan, named_before)
        )
        settings = access.settings_on(server.sqlalchemy_url(DATABASE))
        click.echo("starts")
        starts = measure_starts(release, settings, before, directory, plan)
        async with lined_up(server, access, directory, plan, (release, before)) as lineup:
            slices = await measure_rounds(lineup, ProcessGroup(server.pid), plan)
        with server_process.service(release, settings, directory / "endurance.log") as worker:
            click.echo("memory of a worker")
            endurance = await measure_endurance(worker, access.token, plan)
        click.echo("campaign")
        campaign = await measure_campaign(server, access, directory, plan, release)
        click.echo("import")
        imports = measure_import(release, settings, before, directory, plan)
        lives = await measure_life(server, access, directory, plan, release)
        return Results(
            plan,
            begun_at,
            time.perf_counter() - start,
            load_before,
            f"PostgreSQL {server.version} with {', '.join(server.settings)}",
            slices,
            named_before if isinstance(named_before, str) else named_before.name,
            starts,
            lives,
            endurance,
            campaign,
            imports,
        )


@click.command()
@click.option(
    "--full", is_flag=True, help="Also ten million patients, half of them invited, and ten minutes of load."
)
@click.option("--rows", type=int, help="Patients in the database, instead of a million.")
@click.option("--rounds", type=int, help="Rounds, to try things out.")
@click.option("--results", type=click.Path(path_type=Path), default=_RESULTS, help="Where the report goes.")
@click.option("--before", help="The commit or tag of the release before, instead of the newest tag.")
def main(*, full: bool, rows: int | None, rounds: int | None, results: Path, before: str | None) -> None:
    """Measure, judge, and write a report."""
    plan = FULL if full else SHORT
    plan = replace(plan, rows=rows or plan.rows, rounds=rounds or plan.rounds)
    release = this_release()
    earlier: Release | str
    try:
        earlier = release_before(before)
    except NoReleaseBeforeError as error:
        earlier = f"not measured: {error}"
        click.echo(f"The release before is {earlier}.", err=True)
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        found = uvloop.run(run(plan, Path(name), release, earlier))
    results.mkdir(exist_ok=True)
    (results / "latest.md").write_text(report(found) + "\n")
    draw_plots(found, results)
    for line in target_lines(found):
        click.echo(line)


if __name__ == "__main__":
    main()
