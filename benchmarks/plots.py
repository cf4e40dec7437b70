"""Draws the plots of a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks import lineup
from benchmarks.cells import LARGEST
from benchmarks.plan import BATCHES, CLIENTS
from benchmarks.results import Results
from benchmarks.slices import Load

_INCHES = (7, 4)


def draw_plots(results: Results, directory: Path) -> None:
    """Draw the plots that the report shows."""
    # text stays text, and equal figures make equal files
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "invitations"})
    subjects = (lineup.FLOOR, lineup.USE_CASE, lineup.SERVICE, lineup.PEER)
    _draw(
        directory / "latency.svg",
        ("patients in a request", "p50, ms, one client"),
        BATCHES,
        {
            subject: [results.figures(subject, Load(batch, 1)).p50 * 1000 for batch in BATCHES]
            for subject in subjects
        },
    )
    servers = (lineup.SERVICE, lineup.SERVICE_2, lineup.PEER)
    _draw(
        directory / "throughput.svg",
        ("clients", "patients a second"),
        CLIENTS,
        {
            f"{subject}, batch of {batch}": [
                results.figures(subject, Load(batch, clients)).patients_a_second for clients in CLIENTS
            ]
            for batch in (BATCHES[0], BATCHES[-1])
            for subject in servers
        },
    )
    _draw(
        directory / "memory.svg",
        ("requests", "MiB of a worker"),
        [each.requests for each in results.endurance.weights],
        {"resident memory": [each.mebibytes for each in results.endurance.weights]},
        scales=("linear", "linear"),
    )
    sizes = sorted((*results.plan.other_sizes, results.plan.rows))
    named = {rows: lineup.service_on(rows) for rows in sizes} | {results.plan.rows: lineup.SERVICE}
    at_each_size = [results.figures(named[rows], LARGEST) for rows in sizes]
    _draw(
        directory / "growth.svg",
        ("patients in the database", f"batch of {LARGEST.batch}, one client"),
        sizes,
        {
            "p50, ms": [each.p50 * 1000 for each in at_each_size],
            "CPU ms, service": [each.subject_cpu * LARGEST.batch for each in at_each_size],
            "CPU ms, PostgreSQL": [each.database_cpu * LARGEST.batch for each in at_each_size],
        },
        scales=("log", "linear"),
    )


def _draw(
    file: Path,
    labels: tuple[str, str],
    x: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    scales: tuple[str, str] = ("log", "log"),
) -> None:
    figure = Figure(figsize=_INCHES, layout="constrained")
    axes = figure.add_subplot(xscale=scales[0], yscale=scales[1], xlabel=labels[0], ylabel=labels[1])
    for label, y in lines.items():
        axes.plot(x, y, marker=".", label=label)
    if scales[0] == "log":
        axes.set_xticks(x, [f"{each:,}" for each in x])
        axes.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
    if scales[1] == "linear":
        axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(file, metadata={"Date": None})
