"""Measures how fast patients are imported."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from benchmarks.access import ORGANISATION
from benchmarks.before import Before
from benchmarks.import_and_invite import invitations
from benchmarks.patients import write_patients
from benchmarks.plan import Plan
from benchmarks.releases import Release


class Imports(Struct, frozen=True):
    """The rows a second of this release, and of the release before."""

    rows_a_second: float
    before: float | None


def measure_import(
    release: Release, settings: Mapping[str, str], before: Before | None, directory: Path, plan: Plan
) -> Imports:
    """Import the same new patients by the command of each release."""
    file = directory / "patients.csv"
    write_patients(file, plan.rows_imported, skip=plan.rows)
    arguments = ("patients", "import", str(file), "--organisation", ORGANISATION)
    seconds = invitations(settings, *arguments, python=release.python)
    if before is None:
        return Imports(plan.rows_imported / seconds, None)
    seconds_before = invitations(before.settings, *arguments, python=before.release.python)
    return Imports(plan.rows_imported / seconds, plan.rows_imported / seconds_before)
