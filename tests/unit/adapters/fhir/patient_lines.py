"""Patients as lines of NDJSON, and what the reader makes of them."""

import json
from collections.abc import Iterable

from adapters.fhir.patient import NdjsonPatients
from domain.patient_reports import PatientReport
from domain.results import failed
from tests.builders import NHS, TODAY, an_nhs_number


def a_national_identifier(number: int = 1, system: object = NHS, **elements: object) -> dict[str, object]:
    """Give an Identifier of a national system; `None` takes an element away."""
    element = {"use": "official", "system": system, "value": an_nhs_number(number), **elements}
    return {name: value for name, value in element.items() if value is not None}


def a_line(**elements: object) -> str:
    """Write a Patient of ordinary content; `None` takes an element away."""
    resource = {
        "resourceType": "Patient",
        "id": "example",
        "meta": {"lastUpdated": "2026-11-01T10:00:00Z"},
        "active": True,
        "identifier": [a_national_identifier()],
        "name": [{"family": "Xanthippe"}],
        "birthDate": "1984-02-29",
        **elements,
    }
    return json.dumps({name: value for name, value in resource.items() if value is not None})


def reports_in(*lines: str) -> dict[int, PatientReport]:
    """Give the reports by line."""
    rows = _patients(lines).rows()
    return {row.unwrap().line: row.unwrap().report for row in rows if not failed(row)}


def problems_in(*lines: str) -> dict[int, str]:
    """Give what is wrong, by line."""
    return {row.failure().line: row.failure().problem for row in _patients(lines).rows() if failed(row)}


def report_of(line: str) -> PatientReport:
    """Give the report of a line that has one."""
    [report] = reports_in(line).values()
    return report


def problem_of(line: str) -> str:
    """Give what is wrong with a line that is bad."""
    [problem] = problems_in(line).values()
    return problem


def _patients(lines: Iterable[str]) -> NdjsonPatients:
    return NdjsonPatients(lambda: lines, TODAY)
