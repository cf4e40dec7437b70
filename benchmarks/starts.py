"""Measures a service from the start of its process to ready, and which imports take longest."""

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct

from benchmarks import server_process
from benchmarks.before import Before
from benchmarks.plan import Plan
from benchmarks.releases import Release

_IMPORT = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
_PROFILES = 5
_SLOWEST = 8
_OURS = ("adapters", "application", "domain", "entrypoints")


class Starts(Struct, frozen=True):
    """The seconds to ready, in turns with those of the release before, and the slowest imports of `serve`."""

    seconds: Sequence[float]
    seconds_before: Sequence[float]
    slowest: Sequence[tuple[str, float]]
    """Libraries and packages with the seconds that their own modules take, the slowest first."""
    modules: int


def measure_starts(
    release: Release, settings: Mapping[str, str], before: Before | None, directory: Path, plan: Plan
) -> Starts:
    """Start and stop services, one after another."""
    seconds: list[float] = []
    seconds_before: list[float] = []
    for number in range(plan.starts):
        log = directory / f"start-{number}.log"
        with server_process.service(release, settings, log) as server:
            seconds.append(server.seconds_to_ready)
        if before is not None:
            with server_process.service(before.release, before.settings, log) as server:
                seconds_before.append(server.seconds_to_ready)
    return Starts(seconds, seconds_before, *_slowest_imports(release))


def _slowest_imports(release: Release) -> tuple[Sequence[tuple[str, float]], int]:
    taken: dict[str, list[float]] = defaultdict(list)
    modules = 0
    for _profile in range(_PROFILES):
        # loads what `serve` loads before it starts its workers
        command = [str(release.python), "-X", "importtime", "-m", "entrypoints", "serve", "--help"]
        done = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
        imports = _IMPORT.findall(done.stderr)
        of_one: dict[str, float] = defaultdict(float)
        for microseconds, module in imports:
            of_one[_package(module)] += int(microseconds) / 1_000_000
        for package, seconds in of_one.items():
            taken[package].append(seconds)
        modules = len(imports)
    ordered = sorted(((package, median(each)) for package, each in taken.items()), key=lambda each: -each[1])
    return ordered[:_SLOWEST], modules


def _package(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] in _OURS else 1])
