"""The dashboard and the alerts query existing metrics, and each alert has a runbook."""

import re
from http import HTTPStatus
from pathlib import Path

import grpc
import pytest

from tests.integration.metrics.support.figures import Figures
from tests.integration.metrics.support.queries import Alert, Selector, alerts, dashboard_queries, selectors

ROOT = Path(__file__).parents[3]
OPERATIONS_GUIDE = (ROOT / "docs" / "operations" / "monitor.md").read_text()

# Prometheus itself adds these to every metric
OF_PROMETHEUS = {"job", "instance"}
UP = "up"

QUERIES = [*(alert.expr for alert in alerts()), *dashboard_queries()]
SELECTORS = sorted({each for query in QUERIES for each in selectors(query) if each.name != UP}, key=str)


def named(selector: Selector, label: str) -> list[str]:
    """Give the expressions that a selector has for a label."""
    return [value for name, value in selector.labels if name == label]


def all_named(label: str) -> set[str]:
    """Give the single values that are asked for by a label."""
    values = [value for each in SELECTORS for value in named(each, label)]
    return {value for each in values for value in each.split("|")}


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_names_metrics_of_the_service(query: str) -> None:
    asked = [each.name for each in selectors(query)]

    assert asked
    assert [name for name in asked if name != UP and not name.startswith("invitations_")] == []


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
def test_every_metric_of_a_query_exists(figures: Figures, selector: Selector) -> None:
    labels = {name for name, _value in selector.labels} - OF_PROMETHEUS

    assert selector.name in figures.names
    assert labels <= figures.labels[selector.name]


@pytest.mark.parametrize("label", ["route", "operation", "outcome"])
def test_every_label_value_of_a_query_exists(figures: Figures, label: str) -> None:
    asked = {value for each in SELECTORS for value in named(each, label)}

    existing = {
        value for name in figures.names if label in figures.labels[name] for value in figures.by(label, name)
    }
    existing |= {"failed"} if label == "outcome" else set()
    assert [value for value in asked if not any(re.fullmatch(value, each) for each in existing)] == []


def test_every_status_of_a_query_belongs_to_a_transport() -> None:
    known = [*(str(each.value) for each in HTTPStatus), *(each.name for each in grpc.StatusCode)]

    assert [each for each in all_named("status") if not any(re.fullmatch(each, name) for name in known)] == []


def test_every_cause_of_a_query_belongs_to_the_service() -> None:
    source = "\n".join(module.read_text() for module in (ROOT / "src").rglob("*.py"))

    unknown = [each for each in all_named("cause") if not re.search(rf'class {each}\b|"{each}"', source)]
    assert unknown == []


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert.alert)
def test_each_alert_has_a_runbook(alert: Alert) -> None:
    file, _hash, anchor = alert.annotations["runbook_url"].partition("#")

    runbook = OPERATIONS_GUIDE.partition(f"\n### {alert.alert}\n")[2].partition("\n#")[0]
    assert (file, anchor) == ("docs/operations/monitor.md", alert.alert.lower())
    assert all(word in runbook for word in ("**Means**", "**Look**", "**Do**"))


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert.alert)
def test_each_alert_has_a_severity(alert: Alert) -> None:
    assert alert.labels["severity"] in {"page", "ticket"}
    assert alert.annotations["summary"]


def test_each_runbook_belongs_to_an_alert() -> None:
    runbooks = re.findall(r"\n### (Invitations\w+)\n", OPERATIONS_GUIDE)

    assert runbooks == [alert.alert for alert in alerts()]
