"""Writes the report of a run."""

import os
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from benchmarks import life, lineup
from benchmarks.cells import CROWDED, LARGEST
from benchmarks.figures import Figures, figures, latency_ratio, ratio_of
from benchmarks.machine import machine, software
from benchmarks.markdown import milliseconds, section, table
from benchmarks.plan import BATCHES, CLIENTS, STATUS_BATCH
from benchmarks.results import Results
from benchmarks.scale_out import POPULATION, Model
from benchmarks.slices import Load, Slice
from benchmarks.targets import judge, regression

_LATENCIES = (
    "",
    "calls",
    "p50 ms",
    "p95",
    "p99",
    "patients/s",
    "CPU s per 1,000",
    "PostgreSQL",
    "p50, of before",
)
_CORES = ((1, 1), (4, 2), (16, 8))


def report(results: Results) -> str:
    """Write the report, in Markdown."""
    return "\n".join(
        [
            *_head(results),
            *section("Targets", _targets(results)),
            *section("One client", _one_client(results), "latency.svg"),
            *section("Many clients", _many_clients(results), "throughput.svg"),
            *section("More processes", _scale_out(results)),
            *section("Issued invitations", _lives(results)),
            *section("Start", _starts(results)),
            *section("Other measurements", _others(results), "growth.svg", "memory.svg"),
        ]
    )


def target_lines(results: Results) -> Iterator[str]:
    """Give a line for each target, for a terminal."""
    for verdict in judge(results):
        yield f"{verdict.word:>8}  {verdict.target}" + (f"; {verdict.measured}" if verdict.measured else "")


def _head(results: Results) -> Iterable[str]:
    plan = results.plan
    return [
        "# Benchmarks",
        "",
        f"- started {results.begun_at:%Y-%m-%d %H:%M} UTC, took {results.seconds / 60:.0f} minutes",
        f"- {machine()}; clients, services and PostgreSQL share it",
        f"- load average before: {results.load_before:.2f}",
        f"- {software()}",
        f"- {results.database}",
        f"- the release before: {results.before}",
        f"- {plan.rows:,} patients on PostgreSQL, {plan.sqlite_rows:,} on SQLite; all may be invited",
        f"- {plan.rounds} rounds, each with every subject; ratios: median of the rounds (lowest to highest)",
        "- subjects and method: [docs/performance.md](../../docs/performance.md)",
    ]


def _targets(results: Results) -> Iterator[str]:
    verdicts = [(each.target, each.measured, each.word) for each in judge(results)]
    return table(("target", "measured", ""), *verdicts)


def _one_client(results: Results) -> Iterator[str]:
    subjects = (lineup.FLOOR, lineup.USE_CASE, lineup.SERVICE, lineup.BEFORE, lineup.PEER)
    return table(
        ("batch", *_LATENCIES),
        *(
            (load.batch, *row)
            for load in (Load(batch, 1) for batch in BATCHES)
            for row in _rows(results, load, subjects)
        ),
    )


def _rows(results: Results, load: Load, subjects: Iterable[str]) -> Iterator[Sequence[str]]:
    for subject in subjects:
        if results.measured(subject, load):
            compared = regression(results, subject, load) if subject == lineup.SERVICE else None
            yield subject, *_latencies(results.figures(subject, load)), str(compared or "")


def _latencies(of: Figures) -> Sequence[str]:
    return (
        f"{of.samples:,}",
        *(milliseconds(each) for each in (of.p50, of.p95, of.p99)),
        f"{of.patients_a_second:,.0f}",
        f"{of.subject_cpu:.3f}",
        f"{of.database_cpu:.3f}",
    )


def _many_clients(results: Results) -> Iterator[str]:
    subjects = (lineup.SERVICE, lineup.SERVICE_2, lineup.BEFORE, lineup.PEER)
    return table(
        ("batch", "clients", *_LATENCIES),
        *(
            (load.batch, load.clients, *row)
            for load in (Load(batch, clients) for batch in BATCHES for clients in CLIENTS[1:])
            for row in _rows(results, load, subjects)
        ),
    )


def _scale_out(results: Results) -> Iterator[str]:
    subjects = (lineup.SERVICE, lineup.SERVICE_2, lineup.SERVICE_4, lineup.TWO_SERVICES)
    rows = [
        (load.batch, subject, f"{of.patients_a_second:,.0f}", *(f"{cores:.2f}" for cores in of.cores))
        for load in CROWDED
        for subject in subjects
        for of in [results.figures(subject, load)]
    ]
    yield from table(
        ("batch", f"{CROWDED[0].clients} clients", "patients/s", "cores: service", "PostgreSQL", "clients"),
        *rows,
    )
    model, cores = Model.of(results.figures(lineup.SERVICE_2, CROWDED[-1])), os.cpu_count() or 1
    yield ""
    yield (
        f"By the processor time of 2 workers at batches of {CROWDED[-1].batch}: a core answers "
        f"{model.service:,.0f} patients a second in the service and {model.database:,.0f} in PostgreSQL, so "
        f"{model.service_cores_for_each_of_the_database:.1f} cores of the service keep one of "
        "PostgreSQL's busy. As long as nothing but processors is short:"
    )
    yield ""
    yield from table(
        ("cores of the service", "of PostgreSQL", "patients/s", f"{POPULATION:,} patients"),
        *((service, database, *_paced(model.pace(service, database))) for service, database in _CORES),
        (f"{cores} together, as here", "", *_paced(model.pace_together(cores))),
    )
    if results.campaign is not None:
        yield ""
        yield _campaign(results.campaign, model.pace_together(cores))


def _paced(pace: float) -> tuple[str, str]:
    return f"{pace:,.0f}", f"{POPULATION / pace / 60:,.0f} minutes"


def _campaign(campaign: Slice, predicted: float) -> str:
    of = figures([campaign])
    pace, whole = _paced(of.patients_a_second)
    service, database, clients = (f"{cores:.2f}" for cores in of.cores)
    return (
        f"Invited in this run: {campaign.patients:,}, each once, in {campaign.elapsed:,.0f} seconds. "
        f"That is {pace} a second, {of.patients_a_second / predicted:.2f} of the model's pace. At that pace, "
        f"{POPULATION:,} take {whole}. Cores in use: {service} of the service, {database} of "
        f"PostgreSQL, {clients} of the clients."
    )


def _lives(results: Results) -> Iterator[str]:
    sizes = results.plan.sizes
    yield "One client. The growth is the p50 of the largest database, of that of the smallest."
    yield ""
    yield from table(
        ("p50 ms", *(f"{rows:,} invitations" for rows in sizes), "growth"),
        *(
            (
                operation,
                *(milliseconds(figures(results.lives[operation, rows]).p50) for rows in sizes),
                latency_ratio(*(results.lives[operation, rows] for rows in (sizes[-1], sizes[0]))),
            )
            for operation in life.OPERATIONS
        ),
    )


def _starts(results: Results) -> Iterator[str]:
    starts = results.starts
    ready = f"{median(starts.seconds):.2f} s"
    if starts.seconds_before:
        ready += f", {ratio_of(starts.seconds, starts.seconds_before)} of the release before's"
    yield (
        f"From the start of the process to ready, median of {len(starts.seconds)}: {ready}. "
        f"`serve` loads {starts.modules:,} modules. The slowest, each without what it imports:"
    )
    yield ""
    yield from table(
        ("library or package", "ms"), *((name, milliseconds(seconds)) for name, seconds in starts.slowest)
    )


def _others(results: Results) -> Iterator[str]:
    return table(("", "measured"), *_other_measurements(results))


def _other_measurements(results: Results) -> Iterator[tuple[str, str]]:
    for batch in (1, LARGEST.batch):
        load = Load(batch, 1)
        ratio = latency_ratio(results.of(lineup.WITH_KEY, load), results.of(lineup.SERVICE, load))
        yield f"Idempotency-Key, batch of {batch}, p50, of that without", str(ratio)
    for rows in sorted((*results.plan.other_sizes, results.plan.rows)):
        subject = lineup.SERVICE if rows == results.plan.rows else lineup.service_on(rows)
        p50 = milliseconds(results.figures(subject, LARGEST).p50)
        yield f"{rows:,} patients in the database, batch of {LARGEST.batch}, p50", f"{p50} ms"
    for subject in (lineup.SQLITE_FLOOR, lineup.SQLITE):
        yield (
            f"{subject}, batch of {LARGEST.batch}, p50",
            f"{milliseconds(results.figures(subject, LARGEST).p50)} ms",
        )
    status = results.figures(lineup.STATUS_QUERY, Load(STATUS_BATCH, 1))
    yield f"$status-query, {STATUS_BATCH:,} identifiers, p50", f"{milliseconds(status.p50)} ms"
    for subject, batches in ((lineup.WITH_KEY, (1, LARGEST.batch)), (lineup.STATUS_QUERY, (STATUS_BATCH,))):
        for load in (Load(batch, 1) for batch in batches):
            if compared := regression(results, subject, load):
                yield f"{subject}, batch of {load.batch:,}, p50, of the release before's", str(compared)
    imports = results.imports
    before = "" if imports.before is None else f", {imports.before:,.0f} by the release before"
    yield (
        f"import of {results.plan.rows_imported:,} new patients",
        f"{imports.rows_a_second:,.0f} rows a second{before}",
    )
    last = results.endurance.weights[-1]
    yield (
        f"memory of a worker: warm, maximum, after {last.requests:,} requests in {last.seconds:.0f} s",
        f"{results.endurance.warm:.0f}, {results.endurance.most:.0f}, {results.endurance.last:.0f} MiB",
    )
