"""Measures how fast patients are imported."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.access import ORGANISATION
from benchmarks.import_and_invite import invitations
from benchmarks.patients import write_patients
from benchmarks.plan import Plan


def measure_import(settings: Mapping[str, str], directory: Path, plan: Plan) -> float:
    """Import new patients by the command, and give the rows a second."""
    file = directory / "patients.csv"
    write_patients(file, plan.rows_imported, skip=plan.rows)
    seconds = invitations(settings, "patients", "import", str(file), "--organisation", ORGANISATION)
    return plan.rows_imported / seconds
