"""The metrics follow the conventions of Prometheus, and the guide for operators explains each.

Source: https://prometheus.io/docs/practices/naming/
"""

import re
from importlib.metadata import version
from pathlib import Path

from prometheus_client import Metric

from tests.integration.metrics.support.figures import Figures

OPERATIONS_GUIDE = Path(__file__).parents[3] / "docs" / "operations" / "monitor.md"

BASE_UNITS = ("_seconds", "_bytes", "_ratio", "_info")
OTHER_UNITS = re.compile(r"milli|micro|minute|hour|percent|_ms\b|_kb\b")


def exposed_name(family: Metric) -> str:
    """Give the name in the guide: the parser removes the ending of counters."""
    return f"{family.name}_total" if family.type == "counter" else family.name


def test_every_name_begins_with_that_of_the_service(figures: Figures) -> None:
    assert [name for name in figures.families if not re.fullmatch(r"invitations(_[a-z]+)+", name)] == []


def test_counters_are_totals_and_nothing_else_is(figures: Figures) -> None:
    totals = {sample.name for each in figures.families.values() for sample in each.samples} & {
        f"{name}_total" for name in figures.families
    }

    counters = {f"{name}_total" for name, each in figures.families.items() if each.type == "counter"}
    assert totals == counters != set()


def test_units_are_base_units(figures: Figures) -> None:
    timed = [name for name in figures.families if "duration" in name or "timestamp" in name]

    assert timed
    assert [name for name in timed if not name.endswith(BASE_UNITS)] == []
    assert [name for name in figures.families if OTHER_UNITS.search(name)] == []


def test_every_metric_has_a_description(figures: Figures) -> None:
    assert [name for name, each in figures.families.items() if not each.documentation.endswith(".")] == []


def test_the_release_is_a_metric(figures: Figures) -> None:
    assert figures.sum("invitations_build_info", version=version("invitation-tokens")) == 1


def test_the_guide_for_operators_explains_every_metric_and_its_labels(figures: Figures) -> None:
    rows = re.findall(r"^\| `(invitations_\w+)` \|([^|]*)\|", OPERATIONS_GUIDE.read_text(), re.MULTILINE)

    explained = {name: {*re.findall(r"`(\w+)`", labels)} for name, labels in rows}
    assert explained == {
        exposed_name(family): {label for sample in family.samples for label in sample.labels if label != "le"}
        for family in figures.families.values()
    }
