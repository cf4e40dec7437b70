"""A run, drawn."""

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
    # text stays text, and the same figures make the same file
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
    )


def _draw(
    file: Path, labels: tuple[str, str], x: Sequence[int], lines: Mapping[str, Sequence[float]]
) -> None:
    figure = Figure(figsize=_INCHES, layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel=labels[0], ylabel=labels[1])
    for label, y in lines.items():
        axes.plot(x, y, marker="o", label=label)
    axes.set_xticks(x, [f"{each:,}" for each in x])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(file, metadata={"Date": None})
