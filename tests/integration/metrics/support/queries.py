"""The queries of the dashboard and the alerts, read by a parser of PromQL."""

import re
from collections.abc import Iterator
from pathlib import Path

import promql_parser
from msgspec import Struct, json, yaml

DEPLOY = Path(__file__).parents[4] / "deploy"

_VARIABLES = {"$__rate_interval": "5m", "$job": "invitations", "$instance": ".*"}
"""Grafana's variables in a query."""

_LABEL_VALUES = re.compile(r"label_values\((.*), \w+\)")


class Alert(Struct, frozen=True):
    """An alert rule."""

    alert: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]


class _Group(Struct):
    rules: list[Alert]


class _Rules(Struct):
    groups: list[_Group]


class _Target(Struct):
    expr: str


class _Panel(Struct):
    title: str
    targets: list[_Target] = []


class _Variable(Struct):
    type: str
    definition: str = ""


class _Templating(Struct):
    list: list[_Variable]


class _Dashboard(Struct):
    panels: list[_Panel]
    templating: _Templating


class Selector(Struct, frozen=True):
    """A selector in a query: the name of the metric, and the values of its labels."""

    name: str
    labels: tuple[tuple[str, str], ...]


def alerts() -> list[Alert]:
    rules = yaml.decode((DEPLOY / "prometheus" / "alerts.yaml").read_bytes(), type=_Rules)
    return [rule for group in rules.groups for rule in group.rules]


def dashboard_queries() -> list[str]:
    """Give the queries of the dashboard's panels and variables, as Grafana sends them."""
    dashboard = json.decode((DEPLOY / "grafana" / "invitations.json").read_bytes(), type=_Dashboard)
    queries = [target.expr for panel in dashboard.panels for target in panel.targets]
    asked = [variable.definition for variable in dashboard.templating.list if variable.type == "query"]
    queries += [found.group(1) for each in asked if (found := _LABEL_VALUES.fullmatch(each))]
    return [_as_sent(query) for query in queries]


def selectors(query: str) -> Iterator[Selector]:
    """List the names in a query. Raises ValueError if it is not PromQL."""
    found: list[promql_parser.VectorSelector] = []

    def visit(expression: promql_parser.Expr) -> None:
        if isinstance(expression, promql_parser.VectorSelector):
            found.append(expression)

    promql_parser.walk(promql_parser.parse(query), visit)
    for each in found:
        yield Selector(each.name or "", tuple((label.name, label.value) for label in each.matchers.matchers))


def _as_sent(query: str) -> str:
    for variable, value in _VARIABLES.items():
        query = query.replace(variable, value)
    return query
